// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/tablepage.h"

#include "ui/widgets/emptystate.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace openfactory::ui {

TablePage::TablePage(const char *name, const QString &title, RowsModel &model, QWidget *parent)
    : QWidget(parent),
      m_model(model),
      m_stack(new QStackedWidget(this)),
      m_skeleton(plainLabel("skeleton", tr("Reading…"), this)),
      m_view(makeTable("pageTable", title, model, this)),
      m_empty(new EmptyState(this)),
      m_note(plainLabel("pageNote", {}, this))
{
    setObjectName(QLatin1String(name));
    setAccessibleName(title);
    m_skeleton->setAlignment(Qt::AlignCenter);
    m_stack->addWidget(m_skeleton);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    focusOnShown(this, m_stack);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(headingLabel("pageTitle", title, this));
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_note);
    m_note->hide();
    connect(m_view, &QTreeView::activated, this,
            [this](const QModelIndex &index) { Q_EMIT opened(index.data(KeyRole).toString()); });
    connect(&model, &RowsModel::filled, this, &TablePage::update);
    update();
}

void TablePage::setActs(QWidget *acts)
{
    m_acts = acts;
    static_cast<QVBoxLayout *>(layout())->insertWidget(layout()->indexOf(m_note), acts);
    update();
}

void TablePage::setNote(const QString &text)
{
    m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
}

void TablePage::update()
{
    const bool any = m_model.rowCount() > 0;
    const QList<QWidget *> shown{m_skeleton, m_empty, m_view};
    m_stack->setCurrentWidget(shown[any ? 2 : m_model.isFilled() ? 1 : 0]);
    if (m_acts)
        m_acts->setVisible(any);
    if (any && !m_view->currentIndex().isValid())
        m_view->setCurrentIndex(m_model.index(0, 0));
}

} // namespace openfactory::ui
