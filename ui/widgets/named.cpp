// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/named.h"

#include <QAction>
#include <QPainter>
#include <QStackedWidget>
#include <QStyle>
#include <QToolBar>

namespace openfactory::ui {

namespace {

class ElidedLabel : public QLabel {
public:
    using QLabel::QLabel;
    QSize minimumSizeHint() const override { return {fontMetrics().averageCharWidth() * 8, fontMetrics().height()}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const QString shown = fontMetrics().elidedText(text(), Qt::ElideMiddle, contentsRect().width());
        setToolTip(shown == text() ? QString() : text().toHtmlEscaped());
        style()->drawItemText(&painter, contentsRect(), int(alignment()), palette(), isEnabled(), shown,
                              foregroundRole());
    }
};

} // namespace

QLabel *plainLabel(const char *objectName, const QString &text, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setObjectName(QLatin1String(objectName));
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse); // no stop for the Tab key
    label->setWordWrap(true);
    label->setText(text);
    return label;
}

QLabel *headingLabel(const char *objectName, const QString &text, QWidget *parent)
{
    auto *label = plainLabel(objectName, text, parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * 1.35);
    font.setBold(true);
    label->setFont(font);
    return label;
}

QLabel *elidedLabel(const char *objectName, const QString &text, QWidget *parent)
{
    auto *label = new ElidedLabel(parent);
    label->setObjectName(QLatin1String(objectName));
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    return label;
}

QPushButton *plainButton(const char *objectName, const QString &text, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(QLatin1String(objectName));
    button->setAccessibleName(QString(text).remove(u'&'));
    button->setAutoDefault(false);
    return button;
}

QAction *toolAction(QToolBar *bar, const QString &name, const QString &text, const QString &tip, bool checkable)
{
    auto *action = bar->addAction(text);
    action->setObjectName(name);
    action->setToolTip(tip);
    action->setCheckable(checkable);
    QWidget *button = bar->widgetForAction(action);
    button->setObjectName(name + QStringLiteral("Button"));
    button->setAccessibleName(text);
    button->setAccessibleDescription(tip);
    button->setFocusPolicy(Qt::TabFocus);
    QObject::connect(action, &QAction::changed, button,
                     [action, button] { button->setAccessibleName(action->text()); });
    return action;
}

void focusOnShown(QWidget *page, QStackedWidget *stack)
{
    // A widget that is not shown cannot take the focus: the window would give it to the first one that can.
    const auto follow = [page, stack] { page->setFocusProxy(stack->currentWidget()); };
    QObject::connect(stack, &QStackedWidget::currentChanged, page, follow);
    follow();
}

} // namespace openfactory::ui
