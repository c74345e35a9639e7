// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/keyspane.h"

#include "ui/dialogs/ask.h"
#include "ui/widgets/keys.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QSortFilterProxyModel>

#include <algorithm>

namespace openfactory::ui {

namespace {

QString shownKey(const QKeySequence &key)
{
    return key.isEmpty() ? KeysPane::tr("none") : key.toString(QKeySequence::NativeText);
}

} // namespace

KeysPane::KeysPane(QWidget *parent)
    : QWidget(parent),
      m_rows({tr("What it does"), tr("Where"), tr("Key"), tr("Default")}),
      m_found(new QSortFilterProxyModel(this)),
      m_search(named(new QLineEdit(this), "keysSearch", tr("Find a key"))),
      m_table(makeTable("keysTable", tr("Keys"), *m_found, this)),
      m_title(plainLabel("keysTitle", {}, this)),
      m_key(named(new QKeySequenceEdit(this), "keysKey", tr("Key"))),
      m_none(plainButton("keysNone", tr("&No key"), this)),
      m_standard(plainButton("keysStandard", tr("Restore &default"), this)),
      m_all(plainButton("keysAll", tr("Restore &all defaults…"), this)),
      m_note(plainLabel("keysNote", {}, this))
{
    named(this, "keysPane", tr("Keys"));
    m_found->setSourceModel(&m_rows);
    m_found->setFilterKeyColumn(-1);
    m_found->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_search->setPlaceholderText(tr("Find a key or what it does"));
    m_search->setClearButtonEnabled(true);
    const int widths[]{330, 130, 140};
    for (int column = 0; column < 3; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_key->setMaximumSequenceLength(1);
    m_key->setClearButtonEnabled(false);
    m_title->setBuddy(m_key);
    auto *row = new QHBoxLayout;
    row->addWidget(m_key, 1);
    row->addWidget(m_none);
    row->addWidget(m_standard);
    auto *foot = new QHBoxLayout;
    foot->addWidget(m_note, 1);
    foot->addWidget(m_all, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(plainLabel("keysAbout",
                                 tr("Choose a line and press the new key into the field below: it holds at once. In a "
                                    "view that has the focus its own keys come before those that hold everywhere."),
                                 this));
    layout->addWidget(m_search);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_title);
    layout->addLayout(row);
    layout->addLayout(foot);

    connect(m_search, &QLineEdit::textChanged, m_found, &QSortFilterProxyModel::setFilterFixedString);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &KeysPane::showChosen);
    connect(m_table, &QTreeView::activated, m_key, qOverload<>(&QWidget::setFocus));
    // Not keySequenceChanged: the field is emptied before it takes a key.
    connect(m_key, &QKeySequenceEdit::editingFinished, this, [this] {
        if (m_key->keySequence().isEmpty())
            showChosen();
        else
            take(m_key->keySequence());
    });
    connect(m_none, &QPushButton::clicked, this, [this] { take({}); });
    connect(m_standard, &QPushButton::clicked, this, [this] {
        const auto &rules = Keys::all().rules();
        if (const auto rule = std::ranges::find(rules, chosen(), &KeyRule::id); rule != rules.end())
            take(QKeySequence(rule->standard));
    });
    connect(m_all, &QPushButton::clicked, this, [this] {
        ask(this, tr("Restore every key?"), tr("The keys that you have set are forgotten."), tr("Restore all defaults"),
            tr("Keep mine"), [] { Keys::all().restoreAll(); });
    });
    connect(&Keys::all(), &Keys::changed, this, &KeysPane::showRows);
    showRows();
    m_table->setCurrentIndex(m_found->index(0, 0));
    showChosen();
}

QString KeysPane::chosen() const
{
    return m_table->selectionModel()->hasSelection() ? m_table->currentIndex().data(KeyRole).toString() : QString();
}

void KeysPane::showRows()
{
    std::vector<TableRow> rows;
    for (const KeyRule &rule : Keys::all().rules())
        rows.push_back(
            {rule.id, {rule.title, placeText(rule.place), shownKey(rule.key), shownKey(rule.standard)}, {}, {}, {}});
    std::ranges::stable_sort(rows, {}, [](const TableRow &row) {
        const auto &rules = Keys::all().rules();
        return std::ranges::find(rules, row.key, &KeyRule::id)->place;
    });
    m_rows.setRows(std::move(rows));
    m_all->setEnabled(
        std::ranges::any_of(Keys::all().rules(), [](const KeyRule &rule) { return rule.key != rule.standard; }));
    showChosen();
}

void KeysPane::showChosen()
{
    const QString id = chosen();
    const auto &rules = Keys::all().rules();
    const auto rule = std::ranges::find(rules, id, &KeyRule::id);
    const bool any = rule != rules.end();
    m_title->setText(any ? tr("Key of “%1”:").arg(rule->title) : tr("No line is chosen"));
    const QSignalBlocker quiet(m_key);
    m_key->setKeySequence(any ? rule->key : QKeySequence());
    m_key->setEnabled(any);
    m_key->setAccessibleName(any ? tr("Key of %1").arg(rule->title) : tr("Key"));
    m_none->setEnabled(any && !rule->key.isEmpty());
    m_standard->setEnabled(any && rule->key != rule->standard);
    const QString also = any ? Keys::all().alsoText(id, rule->key) : QString();
    m_note->setText(also.isEmpty() ? QString() : tr("The same key elsewhere – %1").arg(also));
}

void KeysPane::take(const QKeySequence &key)
{
    const QString id = chosen();
    if (id.isEmpty())
        return;
    const QString why = Keys::all().whyNot(id, key);
    if (why.isEmpty()) {
        Keys::all().set(id, key);
        showChosen();
        return Q_EMIT said(tr("The key is %1").arg(shownKey(key)));
    }
    showChosen(); // the field has what holds still
    m_note->setText(QStringLiteral("✗ ") + why);
    QAccessibleAnnouncementEvent event(this, why);
    event.setPoliteness(QAccessible::AnnouncementPoliteness::Assertive);
    QAccessible::updateAccessibility(&event);
}

} // namespace openfactory::ui
