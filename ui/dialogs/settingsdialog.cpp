// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/settingsdialog.h"

#include "ui/dialogs/ask.h"
#include "ui/dialogs/datapane.h"
#include "ui/dialogs/doctorpane.h"
#include "ui/dialogs/enginesettings.h"
#include "ui/dialogs/keyspane.h"
#include "ui/dialogs/modelspane.h"
#include "ui/models/editor.h"
#include "ui/models/notices.h"
#include "ui/widgets/named.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLineEdit>
#include <QSettings>
#include <QSpinBox>
#include <QTabWidget>
#include <QVBoxLayout>

namespace openfactory::ui {

SettingsDialog::SettingsDialog(Console &console, QWidget *parent)
    : QDialog(parent),
      m_tabs(named(new QTabWidget(this), "settingsTabs", tr("Pages of the settings"))),
      m_engine(new EngineSettingsPane(console.settings, this)),
      m_models(new ModelsPane(console, this))
{
    setObjectName(QStringLiteral("settingsDialog"));
    setAccessibleName(tr("Settings"));
    setWindowTitle(tr("Settings"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_tabs->addTab(makeConsolePage(), tr("Conso&le"));
    auto *keys = new KeysPane(this);
    m_tabs->addTab(keys, tr("&Keys"));
    m_tabs->addTab(m_engine, tr("&Engine"));
    m_tabs->addTab(m_models, tr("&Models"));
    auto *dataPane = new DataPane(console.dataFolder, console.data, this);
    m_tabs->addTab(dataPane, tr("&Data"));
    auto *host = new DoctorPane(console, this);
    host->setObjectName(QStringLiteral("hostSettings"));
    m_tabs->addTab(host, tr("&Host"));
    connect(keys, &KeysPane::said, this, &SettingsDialog::said);
    connect(dataPane, &DataPane::said, this, &SettingsDialog::said);
    connect(m_engine, &EngineSettingsPane::said, this, &SettingsDialog::said);
    connect(m_models, &ModelsPane::said, this, &SettingsDialog::said);
    auto *buttons = new QDialogButtonBox(this);
    auto *close = plainButton("settingsClose", tr("Close"), this);
    buttons->addButton(close, QDialogButtonBox::RejectRole);
    connect(close, &QPushButton::clicked, this, &SettingsDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_tabs);
    layout->addWidget(buttons);
    resize(860, 680);
}

void SettingsDialog::showTab(const QString &name)
{
    static const QStringList pages{QStringLiteral("console"), QStringLiteral("keys"), QStringLiteral("engine"),
                                   QStringLiteral("models"),  QStringLiteral("data"), QStringLiteral("host")};
    m_tabs->setCurrentIndex(int(std::max<qsizetype>(0, pages.indexOf(name))));
}

void SettingsDialog::reject()
{
    if (!m_engine->presenter().isChanged() && !m_models->isChanged())
        return QDialog::reject();
    ask(this, tr("Drop what was typed?"),
        m_models->isChanged() ? tr("The description of the models was changed and not saved.")
                              : tr("Some settings of the engine were changed and not saved."),
        tr("Drop it and close"), tr("Keep editing"), [this] { QDialog::reject(); });
}

QWidget *SettingsDialog::makeConsolePage()
{
    auto *page = new QWidget(this);
    page->setObjectName(QStringLiteral("consoleSettings"));
    page->setAccessibleName(tr("Settings of this window"));
    const QSettings settings;

    auto *scheme = named(new QComboBox(page), "settingsScheme", tr("Colours"));
    scheme->addItem(tr("As the desktop"), QString());
    scheme->addItem(tr("Light"), QStringLiteral("light"));
    scheme->addItem(tr("Dark"), QStringLiteral("dark"));
    scheme->setCurrentIndex(std::max(0, scheme->findData(settings.value(QStringLiteral("scheme")).toString())));
    connect(scheme, &QComboBox::currentIndexChanged, this, [this, scheme] {
        QSettings().setValue(QStringLiteral("scheme"), scheme->currentData());
        Q_EMIT schemeWanted(scheme->currentData().toString());
    });
    auto *language = named(new QComboBox(page), "settingsLanguage", tr("Language"));
    language->addItem(tr("As the desktop"), QString());
    language->addItem(QStringLiteral("English"), QStringLiteral("en"));
    language->addItem(QStringLiteral("Deutsch"), QStringLiteral("de"));
    language->setCurrentIndex(std::max(0, language->findData(settings.value(QStringLiteral("language")).toString())));
    connect(language, &QComboBox::currentIndexChanged, this, [this, language] {
        QSettings().setValue(QStringLiteral("language"), language->currentData());
        Q_EMIT said(tr("The language changes with the next start"));
    });
    auto *grace = named(new QSpinBox(page), "settingsGrace", tr("Time to take a decision back"));
    grace->setRange(0, 60);
    grace->setSuffix(tr(" s"));
    grace->setSpecialValueText(tr("none"));
    grace->setValue(settings.value(QStringLiteral("graceMs"), 5000).toInt() / 1000);
    connect(grace, &QSpinBox::valueChanged, this, [this](int seconds) {
        QSettings().setValue(QStringLiteral("graceMs"), seconds * 1000);
        Q_EMIT graceWanted(seconds * 1000);
    });
    auto *editor = named(new QLineEdit(settings.value(QStringLiteral("editor")).toString(), page), "settingsEditor",
                         tr("Editor for files of a job"));
    editor->setPlaceholderText(usualEditor().isEmpty() ? tr("none is installed that is known") : usualEditor());
    editor->setToolTip(
        tr("The command that opens a place that a log or a finding names: {file} and {line} stand for it"));
    connect(editor, &QLineEdit::textEdited, this, &setEditorSetting);
    auto *form = new QFormLayout;
    form->addRow(tr("&Colours"), scheme);
    form->addRow(tr("Lan&guage"), language);
    form->addRow(tr("E&ditor"), editor);
    form->addRow(tr("Time to take a decision &back"), grace);

    auto *told = new QGroupBox(tr("Notifications"), page);
    told->setObjectName(QStringLiteral("settingsNotices"));
    auto *notices = new QVBoxLayout(told);
    for (const NoticeKind &kind : noticeKinds()) {
        auto *box = named(new QCheckBox(kind.wish, told), qPrintable(u"settingsNotice-" + kind.event),
                          QString(kind.wish).remove(u'&'));
        box->setChecked(isWanted(kind.notice));
        connect(box, &QCheckBox::toggled, this, [notice = kind.notice](bool on) { setWanted(notice, on); });
        notices->addWidget(box);
    }
    notices->addWidget(plainLabel("settingsNoticesAbout",
                                  tr("One for a job in ten seconds; none of them holds a decision. The settings of the "
                                     "desktop can silence each as well."),
                                  told));
    auto *layout = new QVBoxLayout(page);
    layout->addLayout(form);
    layout->addWidget(told);
    layout->addStretch(1);
    return page;
}

} // namespace openfactory::ui
