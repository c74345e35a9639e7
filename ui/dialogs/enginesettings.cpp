// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/enginesettings.h"

#include "core/base/text.h"
#include "ui/dialogs/ask.h"
#include "ui/widgets/named.h"

#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QScrollArea>

namespace openfactory::ui {

namespace {

const QString kTrue = QStringLiteral("true");
const QString kFalse = QStringLiteral("false");

QString idOf(const QString &key)
{
    return QStringLiteral("setting-") + key;
}

QLabel *bold(QLabel *label)
{
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    return label;
}

} // namespace

EngineSettingsPane::EngineSettingsPane(const EngineSettingsFile &file, QWidget *parent)
    : QWidget(parent),
      m_presenter(file),
      m_search(named(new QLineEdit(this), "settingsSearch", tr("Find a setting"))),
      m_state(plainLabel("settingsState", {}, this)),
      m_save(plainButton("settingsSave", tr("&Save"), this)),
      m_discard(plainButton("settingsDiscard", tr("D&iscard"), this))
{
    setObjectName(QStringLiteral("engineSettings"));
    setAccessibleName(tr("Settings of the engine"));
    m_search->setPlaceholderText(tr("Find a setting"));
    m_search->setClearButtonEnabled(true);
    auto *inner = new QWidget;
    inner->setObjectName(QStringLiteral("settingsRows"));
    m_place = new QVBoxLayout(inner);
    m_place->setContentsMargins(0, 0, 6, 0);
    auto *scroll = named(new QScrollArea(this), "settingsScroll", tr("Settings of the engine"));
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_state, 1);
    buttons->addWidget(m_discard);
    buttons->addWidget(m_save);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(
        plainLabel("settingsAbout",
                   tr("Kept in %1 and read at the start: the console and each worker take up what is saved "
                      "here when they start the next time.")
                       .arg(displayable(m_presenter.path())),
                   this));
    layout->addWidget(m_search);
    layout->addWidget(scroll, 1);
    layout->addLayout(buttons);

    connect(m_search, &QLineEdit::textChanged, this, &EngineSettingsPane::filter);
    connect(m_save, &QPushButton::clicked, this, &EngineSettingsPane::save);
    connect(m_discard, &QPushButton::clicked, &m_presenter, &SettingsPresenter::discard);
    connect(&m_presenter, &SettingsPresenter::loaded, this, [this] {
        if (m_rows.empty() || !m_presenter.isRead())
            build();
        for (const auto &[key, row] : m_rows)
            showRow(key);
        showState();
    });
    connect(&m_presenter, &SettingsPresenter::typedChanged, this, [this](const QString &key) {
        m_told.clear();
        showRow(key);
        showState();
    });
    connect(&m_presenter, &SettingsPresenter::saved, this, [this](const QString &text) {
        m_told = text;
        showState();
        Q_EMIT said(text);
    });
    connect(&m_presenter, &SettingsPresenter::refused, this, [this](const QString &why) {
        m_told = why;
        showState();
        QAccessibleAnnouncementEvent event(this, why);
        event.setPoliteness(QAccessible::AnnouncementPoliteness::Assertive);
        QAccessible::updateAccessibility(&event);
    });
    showState();
    m_presenter.load();
}

void EngineSettingsPane::build()
{
    delete m_rowsWidget;
    m_rows.clear();
    m_groups.clear();
    m_rowsWidget = new QWidget(m_place->parentWidget());
    m_rowsWidget->setObjectName(QStringLiteral("settingsList"));
    auto *layout = new QVBoxLayout(m_rowsWidget);
    layout->setContentsMargins(0, 0, 0, 0);
    QString group;
    QWidget *before = m_search;
    for (const EngineSetting &setting : m_presenter.settings()) {
        const SettingWords words = settingWords(setting.key);
        if (words.group != group) {
            group = words.group;
            auto *heading = headingLabel("settingsGroup", group, m_rowsWidget);
            layout->addWidget(heading);
            m_groups << std::pair(heading, QStringList());
        }
        m_groups.last().second << setting.key;
        const Row row = makeRow(setting, words, m_rowsWidget);
        layout->addWidget(row.frame);
        setTabOrder(before, row.field);
        setTabOrder(row.field, row.standard);
        before = row.standard;
        m_rows.emplace(setting.key, row);
    }
    layout->addStretch(1);
    m_place->addWidget(m_rowsWidget);
    setTabOrder(before, m_discard);
    setTabOrder(m_discard, m_save);
    filter(m_search->text());
}

EngineSettingsPane::Row EngineSettingsPane::makeRow(const EngineSetting &setting, const SettingWords &words,
                                                    QWidget *parent)
{
    Row row;
    auto *frame = new QFrame(parent);
    frame->setObjectName(idOf(setting.key) + QStringLiteral("-row"));
    frame->setFrameShape(QFrame::StyledPanel);
    row.frame = frame;
    row.field = makeField(setting, words.title, frame);
    row.field->setAccessibleDescription(words.meaning);
    row.standard = plainButton("settingStandard", tr("Restore default"), frame);
    row.standard->setObjectName(idOf(setting.key) + QStringLiteral("-default"));
    row.standard->setAccessibleName(tr("Restore the default of %1").arg(words.title));
    connect(row.standard, &QPushButton::clicked, this, [this, key = setting.key] { m_presenter.restoreDefault(key); });
    row.source = plainLabel("settingSource", {}, frame);
    row.source->setObjectName(idOf(setting.key) + QStringLiteral("-source"));
    row.error = plainLabel("settingError", {}, frame);
    row.error->setObjectName(idOf(setting.key) + QStringLiteral("-error"));
    row.words = words.title + u' ' + words.meaning + u' ' + setting.key;

    auto *title = bold(plainLabel("settingTitle", words.title, frame));
    title->setTextInteractionFlags(Qt::NoTextInteraction);
    title->setBuddy(row.field);
    auto *field = new QHBoxLayout;
    field->setSpacing(6);
    field->addWidget(row.field, 1);
    if (!words.unit.isEmpty())
        field->addWidget(plainLabel("settingUnit", words.unit, frame));
    field->addWidget(row.standard);
    auto *grid = new QGridLayout(frame);
    grid->setContentsMargins(8, 4, 8, 4);
    grid->setVerticalSpacing(2);
    grid->addWidget(title, 0, 0);
    grid->addLayout(field, 0, 1);
    grid->addWidget(plainLabel("settingMeaning", words.meaning, frame), 1, 0, 1, 2);
    grid->addWidget(row.source, 2, 0, 1, 2);
    grid->addWidget(row.error, 3, 0, 1, 2);
    grid->setColumnStretch(0, 2);
    grid->setColumnStretch(1, 3);
    return row;
}

QWidget *EngineSettingsPane::makeField(const EngineSetting &setting, const QString &title, QWidget *parent)
{
    const QByteArray id = idOf(setting.key).toUtf8();
    const QString key = setting.key;
    if (setting.form == EngineSetting::Form::Switch) {
        auto *box = named(new QCheckBox(tr("on"), parent), id.constData(), title);
        connect(box, &QCheckBox::toggled, this, [this, key](bool on) { m_presenter.type(key, on ? kTrue : kFalse); });
        return box;
    }
    if (setting.form == EngineSetting::Form::Choice) {
        auto *box = named(new QComboBox(parent), id.constData(), title);
        box->addItems(setting.choices);
        connect(box, &QComboBox::currentTextChanged, this,
                [this, key](const QString &text) { m_presenter.type(key, text); });
        return box;
    }
    auto *line = named(new QLineEdit(parent), id.constData(), title);
    connect(line, &QLineEdit::textEdited, this, [this, key](const QString &text) { m_presenter.type(key, text); });
    return line;
}

void EngineSettingsPane::showRow(const QString &key)
{
    const Row &row = m_rows.at(key);
    const QString typed = m_presenter.typed(key);
    const QSignalBlocker quiet(row.field);
    if (auto *box = qobject_cast<QCheckBox *>(row.field))
        box->setChecked(typed == kTrue);
    else if (auto *list = qobject_cast<QComboBox *>(row.field))
        list->setCurrentText(typed);
    else if (auto *line = qobject_cast<QLineEdit *>(row.field); line && line->text() != typed)
        line->setText(typed);
    row.field->setEnabled(!m_presenter.isFixed(key));
    row.standard->setEnabled(!m_presenter.isFixed(key) && !m_presenter.isDefault(key));
    row.source->setText(m_presenter.sourceText(key));
    const QString error = m_presenter.errorOf(key);
    row.error->setText(error.isEmpty() ? QString() : QStringLiteral("✗ ") + error);
    row.error->setVisible(!error.isEmpty());
    row.field->setAccessibleDescription(error.isEmpty() ? settingWords(key).meaning : error);
}

void EngineSettingsPane::showState()
{
    const QString why = m_presenter.whyNot();
    m_state->setText(m_told.isEmpty() ? why : m_told);
    m_save->setEnabled(why.isEmpty());
    m_save->setAccessibleDescription(why);
    m_discard->setEnabled(m_presenter.isChanged());
}

void EngineSettingsPane::filter(const QString &text)
{
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    const auto wanted = [&](const QString &key) {
        return std::ranges::all_of(
            words, [&](const QString &word) { return m_rows.at(key).words.contains(word, Qt::CaseInsensitive); });
    };
    for (const auto &[heading, keys] : std::as_const(m_groups)) {
        bool any = false;
        for (const QString &key : keys) {
            const bool shown = wanted(key);
            m_rows.at(key).frame->setVisible(shown);
            any = any || shown;
        }
        heading->setVisible(any);
    }
}

void EngineSettingsPane::save()
{
    const QString warning = m_presenter.warning();
    if (warning.isEmpty())
        return m_presenter.save();
    ask(this, tr("Turn the sandbox off?"), warning, tr("Turn it off and save"), tr("Keep editing"),
        [this] { m_presenter.save(); });
}

} // namespace openfactory::ui
