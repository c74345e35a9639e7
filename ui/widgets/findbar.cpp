// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/findbar.h"

#include "ui/widgets/keys.h"
#include "ui/widgets/named.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QCheckBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QStringListModel>
#include <QToolButton>

#include <algorithm>

namespace openfactory::ui {

namespace {

constexpr qsizetype kKept = 20;
constexpr qsizetype kShortest = 2; ///< a single letter is typed as fast as it is chosen
constexpr qsizetype kLongest = 200;

} // namespace

FindBar::FindBar(const char *prefix, const QString &name, const char *next, const char *previous, QWidget *parent)
    : QWidget(parent),
      m_key(QStringLiteral("find/") + QLatin1String(prefix)),
      m_layout(new QHBoxLayout(this)),
      m_text(new QLineEdit(this))
{
    const QString begin = QLatin1String(prefix) + QStringLiteral("Find");
    setObjectName(begin + u"Bar");
    m_layout->setContentsMargins(6, 3, 6, 3);
    m_text->setObjectName(begin + u"Text");
    m_text->setAccessibleName(name);
    m_text->setClearButtonEnabled(true);
    auto *kept = new QStringListModel(QSettings().value(m_key).toStringList(), this);
    auto *completer = new QCompleter(kept, this);
    completer->setFilterMode(Qt::MatchContains);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_text->setCompleter(completer);
    completer->popup()->setObjectName(begin + u"Kept");
    completer->popup()->setAccessibleName(tr("Looked for before"));
    auto *label = new QLabel(tr("F&ind:"), this);
    label->setBuddy(m_text);
    m_layout->addWidget(label);
    m_layout->addWidget(m_text, 1);
    const auto button = [&](const QString &suffix, const QString &text, const QString &tip, auto act) {
        auto *made = new QToolButton(this);
        made->setObjectName(begin + suffix);
        made->setText(text);
        made->setAccessibleName(tip);
        made->setToolTip(tip);
        made->setFocusPolicy(Qt::TabFocus);
        m_layout->addWidget(made);
        connect(made, &QToolButton::clicked, this, act);
        return made;
    };
    const auto back = [this] { Q_EMIT nextWanted(false); };
    const auto on = [this] { Q_EMIT nextWanted(true); };
    tipWithKey(*button(QStringLiteral("Previous"), QStringLiteral("▲"), tr("Previous match"), back),
               tr("Previous match"), previous);
    tipWithKey(*button(QStringLiteral("Next"), QStringLiteral("▼"), tr("Next match"), on), tr("Next match"), next);
    m_found = elidedLabel((begin + u"Status").toLatin1().constData(), {}, this);
    m_found->setMinimumWidth(fontMetrics().averageCharWidth() * 30);
    m_layout->addWidget(m_found);
    button(QStringLiteral("Close"), QStringLiteral("✕"), tr("Close and end the search (Esc)"), [this] { end(); });
    connect(m_text, &QLineEdit::textChanged, this, &FindBar::edited);
    connect(m_text, &QLineEdit::returnPressed, this, on);
    connect(m_text, &QLineEdit::editingFinished, this, &FindBar::keep);
    hide();
}

QString FindBar::text() const
{
    return m_text->text();
}

QCheckBox *FindBar::addOption(const char *suffix, const QString &text)
{
    auto *box = new QCheckBox(text, this);
    box->setObjectName(m_text->objectName().chopped(4) + QLatin1String(suffix));
    box->setAccessibleName(QString(text).remove(u'&'));
    // Behind the field and the options before it.
    int at = m_layout->indexOf(m_text) + 1;
    while (qobject_cast<QCheckBox *>(m_layout->itemAt(at)->widget()))
        ++at;
    m_layout->insertWidget(at, box);
    connect(box, &QCheckBox::toggled, this, &FindBar::edited);
    return box;
}

void FindBar::open(const QString &text)
{
    show();
    if (!text.isNull())
        m_text->setText(text);
    m_text->setFocus();
    m_text->selectAll();
}

void FindBar::end()
{
    keep();
    hide();
    m_text->clear();
    Q_EMIT ended();
}

void FindBar::tell(const QString &found, bool isFinal)
{
    if (found == m_found->text())
        return;
    m_found->setText(found);
    if (isFinal && !found.isEmpty() && QAccessible::isActive()) {
        QAccessibleAnnouncementEvent event(m_found, found);
        QAccessible::updateAccessibility(&event);
    }
}

void FindBar::keep()
{
    auto *kept = qobject_cast<QStringListModel *>(m_text->completer()->model());
    const QString text = m_text->text();
    QStringList all = kept->stringList();
    if (text.size() < kShortest || text.size() > kLongest || (!all.isEmpty() && all.first() == text))
        return;
    all.removeAll(text);
    all.prepend(text);
    all.resize(std::min(all.size(), kKept));
    kept->setStringList(all);
    QSettings().setValue(m_key, all);
}

} // namespace openfactory::ui
