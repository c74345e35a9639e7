// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/emptystate.h"

#include "ui/widgets/named.h"

#include <QIcon>
#include <QVBoxLayout>

namespace openfactory::ui {

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent),
      m_icon(new QLabel(this)),
      m_sentence(plainLabel("emptySentence", {}, this)),
      m_button(plainButton("emptyButton", {}, this))
{
    setObjectName(QStringLiteral("emptyState"));
    m_icon->setObjectName(QStringLiteral("emptyIcon"));
    m_icon->setAlignment(Qt::AlignCenter);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setMinimumWidth(280);
    m_button->hide();
    auto *layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addWidget(m_icon);
    layout->addWidget(m_sentence);
    layout->addWidget(m_button, 0, Qt::AlignCenter);
    layout->addStretch(3);
    layout->setSpacing(12);
    connect(m_button, &QPushButton::clicked, this, &EmptyState::pressed);
}

void EmptyState::say(const QString &icon, const QString &sentence, const QString &button)
{
    m_icon->setPixmap(QIcon::fromTheme(icon).pixmap(QSize(48, 48), devicePixelRatio()));
    m_icon->setVisible(!QIcon::fromTheme(icon).isNull());
    m_sentence->setText(sentence);
    setAccessibleName(sentence);
    m_button->setText(button);
    m_button->setAccessibleName(QString(button).remove(u'&'));
    m_button->setVisible(!button.isEmpty());
    setFocusProxy(button.isEmpty() ? nullptr : m_button);
}

} // namespace openfactory::ui
