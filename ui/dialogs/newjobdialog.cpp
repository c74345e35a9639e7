// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/newjobdialog.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "ui/dialogs/ask.h"
#include "ui/models/words.h"
#include "ui/widgets/named.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>

#include <algorithm>

namespace openfactory::ui {

namespace {

const QString kUnfinished = QStringLiteral("newJob/unfinished");

} // namespace

NewJobDialog::NewJobDialog(Console &console, QWidget *parent)
    : QDialog(parent),
      m_console(console),
      m_repository(named(new QLineEdit(this), "newJobRepository", tr("Repository"))),
      m_slug(named(new QLineEdit(this), "newJobSlug", tr("Slug"))),
      m_task(named(new QPlainTextEdit(this), "newJobTask", tr("Task"))),
      m_target(named(new QLineEdit(this), "newJobTarget", tr("Target branch"))),
      m_priority(named(new QComboBox(this), "newJobPriority", tr("Priority"))),
      m_author(named(new QComboBox(this), "newJobAuthor", tr("Author"))),
      m_playbook(named(new QLineEdit(this), "newJobPlaybook", tr("Playbook file"))),
      m_facts(plainLabel("newJobFacts", {}, this)),
      m_whyNot(plainLabel("newJobWhyNot", {}, this))
{
    setObjectName(QStringLiteral("newJobDialog"));
    setAccessibleName(tr("New job"));
    setWindowTitle(tr("New job"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *browse = plainButton("newJobBrowse", tr("&Browse…"), this);
    connect(browse, &QPushButton::clicked, this, [this] {
        auto *chooser = new QFileDialog(this, tr("A git repository"), m_repository->text());
        chooser->setFileMode(QFileDialog::Directory);
        chooser->setAttribute(Qt::WA_DeleteOnClose);
        connect(chooser, &QFileDialog::fileSelected, m_repository, &QLineEdit::setText);
        chooser->open();
    });
    auto *repository = new QHBoxLayout;
    repository->addWidget(m_repository, 1);
    repository->addWidget(browse);
    m_task->setTabChangesFocus(true);
    m_task->setPlaceholderText(tr("What is to be done; the first line becomes the title"));
    m_slug->setPlaceholderText(tr("a-z, 0-9, - and _; names the branch factory/…"));
    m_target->setPlaceholderText(tr("the branch that the repository stands on"));
    for (const char *priority : {"P0", "P1", "P2", "P3"})
        m_priority->addItem(QLatin1String(priority));
    m_priority->setCurrentIndex(2);
    m_author->addItem(tr("A person, in the worktree"), int(AuthorKind::Person));
    m_author->addItem(tr("A playbook file"), int(AuthorKind::Playbook));

    auto *form = new QFormLayout;
    form->addRow(tr("&Repository"), repository);
    qobject_cast<QLabel *>(form->labelForField(repository))->setBuddy(m_repository);
    form->addRow(QString(), m_facts);
    form->addRow(tr("&Slug"), m_slug);
    form->addRow(tr("&Task"), m_task);
    form->addRow(tr("Tar&get branch"), m_target);
    form->addRow(tr("&Priority"), m_priority);
    form->addRow(tr("&Author"), m_author);
    form->addRow(tr("Play&book"), m_playbook);
    auto *buttons = new QDialogButtonBox(this);
    m_make = buttons->addButton(tr("&Make the job"), QDialogButtonBox::ActionRole);
    named(m_make, "newJobMake", tr("Make the job"));
    QPushButton *cancel = buttons->addButton(tr("Cancel"), QDialogButtonBox::RejectRole);
    cancel->setObjectName(QStringLiteral("newJobCancel"));
    for (QPushButton *button : {m_make, cancel})
        button->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::rejected, this, &NewJobDialog::reject);
    connect(m_make, &QPushButton::clicked, this, &NewJobDialog::make);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_whyNot);
    layout->addWidget(buttons);
    resize(620, 460);

    m_typing.setSingleShot(true);
    m_typing.setInterval(200);
    connect(&m_typing, &QTimer::timeout, this, &NewJobDialog::look);
    connect(m_repository, &QLineEdit::textChanged, this, [this] {
        m_found = false;
        m_typing.start();
        check();
    });
    for (QLineEdit *field : {m_slug, m_target, m_playbook})
        connect(field, &QLineEdit::textChanged, this, &NewJobDialog::check);
    connect(m_task, &QPlainTextEdit::textChanged, this, &NewJobDialog::check);
    const auto author = [this, form] {
        form->setRowVisible(m_playbook, m_author->currentData().toInt() == int(AuthorKind::Playbook));
        check();
    };
    connect(m_author, &QComboBox::currentIndexChanged, this, author);
    author();

    bringBack();
    m_keep.setSingleShot(true);
    m_keep.setInterval(500);
    connect(&m_keep, &QTimer::timeout, this, &NewJobDialog::keep);
    for (QLineEdit *field : {m_repository, m_slug, m_target, m_playbook})
        connect(field, &QLineEdit::textChanged, &m_keep, qOverload<>(&QTimer::start));
    connect(m_task, &QPlainTextEdit::textChanged, &m_keep, qOverload<>(&QTimer::start));
    for (QComboBox *choice : {m_priority, m_author})
        connect(choice, &QComboBox::currentIndexChanged, &m_keep, qOverload<>(&QTimer::start));
}

bool NewJobDialog::hasUnfinished()
{
    QSettings settings;
    settings.beginGroup(kUnfinished);
    return !settings.childKeys().isEmpty();
}

bool NewJobDialog::isEmpty() const
{
    return m_task->toPlainText().trimmed().isEmpty()
           && std::ranges::all_of(std::initializer_list<const QLineEdit *>{m_repository, m_slug, m_target, m_playbook},
                                  [](const QLineEdit *field) { return field->text().trimmed().isEmpty(); });
}

void NewJobDialog::keep() const
{
    QSettings settings;
    settings.beginGroup(kUnfinished);
    settings.remove(QString());
    if (!isEmpty()) {
        for (const QLineEdit *field : {m_repository, m_slug, m_target, m_playbook})
            settings.setValue(field->objectName(), field->text());
        settings.setValue(m_task->objectName(), m_task->toPlainText());
        for (const QComboBox *choice : {m_priority, m_author})
            settings.setValue(choice->objectName(), choice->currentIndex());
    }
    settings.sync(); // a kill must not take it
}

void NewJobDialog::bringBack()
{
    QSettings settings;
    settings.beginGroup(kUnfinished);
    for (QLineEdit *field : {m_repository, m_slug, m_target, m_playbook})
        field->setText(settings.value(field->objectName()).toString());
    m_task->setPlainText(settings.value(m_task->objectName()).toString());
    for (QComboBox *choice : {m_priority, m_author}) {
        const int index = settings.value(choice->objectName(), choice->currentIndex()).toInt();
        if (index >= 0 && index < choice->count())
            choice->setCurrentIndex(index);
    }
}

void NewJobDialog::reject()
{
    const auto drop = [this] {
        m_keep.stop();
        QSettings().remove(kUnfinished);
        QDialog::reject();
    };
    if (isEmpty())
        return drop();
    ask(this, tr("Drop what was typed?"), tr("The job was not made yet."), tr("Drop it and close"), tr("Keep editing"),
        drop);
}

void NewJobDialog::look()
{
    const QString path = m_repository->text().trimmed();
    if (path.isEmpty() || path == m_looked)
        return;
    struct Facts {
        RepositoryFacts repository;
        QByteArray contract;
    };
    m_console.reader->ask(
        this,
        [git = m_console.git, path](ReadSide &) -> Result<Facts> {
            OF_TRY(facts, git->inspect(path));
            return Facts{facts, readSmallFile(facts.root + QStringLiteral("/contract.yaml")).value_or(QByteArray())};
        },
        [this, path](const Result<Facts> &facts) {
            if (path != m_repository->text().trimmed())
                return;
            m_looked = path;
            m_found = facts && !facts->repository.bare && !facts->repository.unborn;
            m_contract = facts ? facts->contract : QByteArray();
            m_facts->setText(!facts                   ? errorText(facts.error())
                             : facts->repository.bare ? tr("It is bare: clone it and use the clone")
                             : facts->repository.unborn
                                 ? tr("It has no commit yet: make a first one")
                                 : tr("On %1; %2")
                                       .arg(displayable(facts->repository.headBranch),
                                            m_contract.isEmpty() ? tr("no contract.yaml: the default contract")
                                                                 : tr("with its contract.yaml")));
            check();
        });
}

QString NewJobDialog::whyNot() const
{
    if (m_making)
        return tr("The job is being made…");
    if (m_repository->text().trimmed().isEmpty())
        return tr("Choose a repository");
    if (!m_found)
        return tr("The repository is not known yet");
    if (const auto slug = Slug::parse(m_slug->text()); !slug)
        return tr("The slug: %1")
            .arg(m_slug->text().isEmpty() ? tr("give the job a short name") : errorText(slug.error()));
    if (m_author->currentData().toInt() == int(AuthorKind::Playbook) && m_playbook->text().isEmpty())
        return tr("Name the playbook file");
    return {};
}

void NewJobDialog::check()
{
    const QString why = whyNot();
    m_whyNot->setText(why);
    m_make->setEnabled(why.isEmpty());
}

void NewJobDialog::make()
{
    NewJob wanted;
    wanted.slug = m_slug->text();
    wanted.task = m_task->toPlainText();
    wanted.repository = m_repository->text().trimmed();
    wanted.target = m_target->text().trimmed();
    wanted.contract = m_contract;
    wanted.contractFile = QStringLiteral("contract.yaml");
    wanted.priority = Priority(m_priority->currentIndex());
    wanted.author = AuthorKind(m_author->currentData().toInt());
    if (wanted.author == AuthorKind::Playbook)
        wanted.authorSource = m_playbook->text();
    m_making = true;
    check();
    m_console.desk->ask(
        this, [wanted](OperatorSide &side) { return side.desk().create(wanted); },
        [this](const Result<Job> &job) {
            m_making = false;
            check();
            if (!job) {
                m_whyNot->setText(errorText(job.error()));
                return;
            }
            m_keep.stop();
            QSettings().remove(kUnfinished);
            Q_EMIT made(job->id());
            accept();
        });
}

} // namespace openfactory::ui
