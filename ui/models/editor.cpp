// SPDX-License-Identifier: Apache-2.0
#include "ui/models/editor.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QSettings>
#include <QStandardPaths>

#include <algorithm>

namespace openfactory::ui {

namespace {

struct Editor {
    Q_DECLARE_TR_FUNCTIONS(openfactory::ui::Editor)
};

const QString kSetting = QStringLiteral("editor");
const QString kFile = QStringLiteral("{file}");
const QString kLine = QStringLiteral("{line}");

/// Editors with a window that go to a line; the first that is installed is taken.
const QStringList &known()
{
    static const QStringList commands{QStringLiteral("kate --line {line} {file}"),
                                      QStringLiteral("kwrite --line {line} {file}"),
                                      QStringLiteral("qtcreator -client {file}:{line}"),
                                      QStringLiteral("code --goto {file}:{line}"),
                                      QStringLiteral("codium --goto {file}:{line}"),
                                      QStringLiteral("zed {file}:{line}"),
                                      QStringLiteral("subl {file}:{line}"),
                                      QStringLiteral("gedit +{line} {file}"),
                                      QStringLiteral("mousepad --line={line} {file}"),
                                      QStringLiteral("gvim +{line} {file}")};
    return commands;
}

} // namespace

QString usualEditor()
{
    const auto found = std::ranges::find_if(known(), [](const QString &command) {
        return !QStandardPaths::findExecutable(command.section(u' ', 0, 0)).isEmpty();
    });
    return found == known().end() ? QString() : *found;
}

QString editorSetting()
{
    const QString set = QSettings().value(kSetting).toString().trimmed();
    return set.isEmpty() ? usualEditor() : set;
}

void setEditorSetting(const QString &command)
{
    QSettings().setValue(kSetting, command.trimmed());
}

Result<QStringList> editorWords(const QString &command, const QString &file, int line)
{
    const QString doing = Editor::tr("use the editor command \"%1\"").arg(displayable(command.left(120)));
    if (command.count(u'"') % 2 != 0)
        return fail(ErrorKind::Invalid, doing, Editor::tr("a quotation mark is open"),
                    Editor::tr("set it in the settings of the console"));
    QStringList words = QProcess::splitCommand(command);
    if (words.isEmpty() || std::ranges::none_of(words, [](const QString &word) { return word.contains(kFile); }))
        return fail(ErrorKind::Invalid, doing, Editor::tr("it does not say where the file belongs: {file}"),
                    Editor::tr("set it in the settings of the console, for example to kate --line {line} {file}"));
    // All at once: a file's name may hold what looks like a place of its own.
    for (QString &word : words) {
        const QStringList parts = word.split(kFile);
        QStringList numbered;
        for (QString part : parts)
            numbered << part.replace(kLine, QString::number(std::max(1, line)));
        word = numbered.join(file);
    }
    return words;
}

Result<QString> fileOf(const QString &workspace, const QString &path)
{
    const QString doing = Editor::tr("open %1").arg(displayable(path.left(300)));
    const QString root = QFileInfo(workspace).canonicalFilePath();
    const QFileInfo named(path.startsWith(u'/') ? path : workspace + u'/' + path);
    const QString real = named.canonicalFilePath();
    if (root.isEmpty() || real.isEmpty() || !QFileInfo(real).isFile())
        return fail(ErrorKind::NotFound, doing,
                    root.isEmpty() ? Editor::tr("the job has no workspace any more")
                                   : Editor::tr("there is no such file in the job's workspace"),
                    Editor::tr("the changes show it as it was"));
    if (!real.startsWith(root + u'/'))
        return fail(ErrorKind::Denied, doing, Editor::tr("it lies outside of the job's workspace"));
    return real;
}

namespace {

/// Opens what exists.
Result<QString> startEditor(const QString &folder, const QString &place, int line)
{
    const QString command = editorSetting();
    const QString doing = Editor::tr("open %1").arg(displayable(place.left(300)));
    if (command.isEmpty())
        return fail(ErrorKind::NotFound, doing, Editor::tr("no editor is set, and none that is known is installed"),
                    Editor::tr("set one in the settings of the console"));
    OF_TRY(words, editorWords(command, place, line));
    const QString program = words.takeFirst();
    if (!QProcess::startDetached(program, words, folder))
        return fail(ErrorKind::NotFound, doing, Editor::tr("%1 could not be started").arg(displayable(program)),
                    Editor::tr("set another editor in the settings of the console"));
    return Editor::tr("%1 is opened with %2").arg(displayable(QFileInfo(place).fileName()), displayable(program));
}

Result<QString> folderThere(const QString &folder)
{
    if (!QFileInfo(folder).isDir())
        return fail(ErrorKind::NotFound, Editor::tr("open %1").arg(displayable(folder.left(300))),
                    Editor::tr("the job has no workspace any more"));
    return QFileInfo(folder).absoluteFilePath();
}

} // namespace

Result<QString> openInEditor(const QString &workspace, const QString &path, int line)
{
    OF_TRY(file, fileOf(workspace, path));
    return startEditor(workspace, file, line);
}

Result<QString> openFolderInEditor(const QString &folder)
{
    OF_TRY(there, folderThere(folder));
    return startEditor(there, there, 0);
}

Result<QString> openTerminal(const QString &folder)
{
    OF_TRY(there, folderThere(folder));
    QStringList terminals{QStringLiteral("x-terminal-emulator"),
                          QStringLiteral("konsole"),
                          QStringLiteral("gnome-terminal"),
                          QStringLiteral("kgx"),
                          QStringLiteral("xfce4-terminal"),
                          QStringLiteral("alacritty"),
                          QStringLiteral("kitty"),
                          QStringLiteral("foot"),
                          QStringLiteral("xterm")};
    if (const QString own = qEnvironmentVariable("TERMINAL"); !own.isEmpty())
        terminals.prepend(own);
    // Each opens in the folder it is started in.
    for (const QString &terminal : std::as_const(terminals)) {
        if (!QStandardPaths::findExecutable(terminal).isEmpty() && QProcess::startDetached(terminal, {}, there))
            return Editor::tr("%1 is opened in %2").arg(displayable(terminal), displayable(there));
    }
    return fail(ErrorKind::NotFound, Editor::tr("open a terminal in %1").arg(displayable(there.left(300))),
                Editor::tr("no terminal that is known is installed"),
                Editor::tr("name one in the environment variable TERMINAL"));
}

} // namespace openfactory::ui
