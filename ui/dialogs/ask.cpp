// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/ask.h"

#include "ui/widgets/named.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace openfactory::ui {

void ask(QWidget *parent, const QString &title, const QString &text, const QString &yes, const QString &no,
         std::function<void()> then)
{
    ask(parent, title, text, {{"askYes", yes, std::move(then)}}, no);
}

void ask(QWidget *parent, const QString &title, const QString &text, const std::vector<Choice> &choices,
         const QString &no)
{
    auto *box = new QMessageBox(QMessageBox::Question, title, text, QMessageBox::NoButton, parent);
    named(box, "askDialog", title);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    for (const Choice &choice : choices) {
        QPushButton *go = box->addButton(choice.text, QMessageBox::AcceptRole);
        go->setObjectName(QLatin1String(choice.name));
        QObject::connect(go, &QPushButton::clicked, parent, choice.then);
    }
    QPushButton *stay = box->addButton(no, QMessageBox::RejectRole);
    stay->setObjectName(QStringLiteral("askNo"));
    box->setDefaultButton(stay);
    box->setEscapeButton(stay);
    box->open();
}

void choose(QWidget *parent, const QString &title, const QString &text, const QStringList &choices,
            const QString &current, std::function<void(const QString &)> then)
{
    auto *dialog = named(new QDialog(parent), "chooseDialog", title);
    dialog->setWindowTitle(title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto *list = named(new QListWidget(dialog), "chooseList", title);
    list->addItems(choices);
    list->setCurrentRow(std::max(0, int(choices.indexOf(current))));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, dialog);
    buttons->button(QDialogButtonBox::Ok)->setText(title);
    buttons->button(QDialogButtonBox::Cancel)->setText(QObject::tr("Cancel"));
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(plainLabel("chooseText", text, dialog));
    layout->addWidget(list);
    layout->addWidget(buttons);
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    QObject::connect(dialog, &QDialog::accepted, parent, [list, then = std::move(then)] {
        if (list->currentItem())
            then(list->currentItem()->text());
    });
    dialog->open();
}

void showText(QWidget *parent, const QString &title, const QString &text)
{
    auto *dialog = named(new QDialog(parent), "textDialog", title);
    dialog->setWindowTitle(title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto *view = named(new QPlainTextEdit(text, dialog), "textView", title);
    view->setReadOnly(true);
    view->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    buttons->button(QDialogButtonBox::Close)->setText(QObject::tr("Close"));
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(view);
    layout->addWidget(buttons);
    dialog->resize(640, 480);
    dialog->open();
}

} // namespace openfactory::ui
