// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/newjobdialog.h"

#include "core/base/slug.h"
#include "ui/dialogs/ask.h"
#include "ui/dialogs/jobplanpane.h"
#include "ui/models/words.h"
#include "ui/widgets/keptsplit.h"
#include "ui/widgets/named.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSplitter>

#include <algorithm>

namespace openfactory::ui {

namespace {

const QString kUnfinished = QStringLiteral("newJob/unfinished");
constexpr int kSource = Qt::UserRole + 1; ///< of an author: its name in the settings

/// With the repository's own contract, as it lies there now.
Result<void> withContract(Workspaces &git, NewJob &wanted)
{
    OF_TRY(facts, git.inspect(wanted.repository));
    return takeContract(wanted, facts.root);
}

} // namespace

NewJobDialog::NewJobDialog(Console &console, QWidget *parent)
    : QDialog(parent),
      m_console(console),
      m_repositories(named(new QComboBox(this), "newJobRepositories", tr("Repository"))),
      m_repository(named(new QLineEdit(this), "newJobRepository", tr("Repository"))),
      m_slug(named(new QLineEdit(this), "newJobSlug", tr("Slug"))),
      m_task(named(new QPlainTextEdit(this), "newJobTask", tr("Task"))),
      m_target(named(new QLineEdit(this), "newJobTarget", tr("Target branch"))),
      m_pipeline(named(new QComboBox(this), "newJobPipeline", tr("Pipeline"))),
      m_priority(named(new QComboBox(this), "newJobPriority", tr("Priority"))),
      m_author(named(new QComboBox(this), "newJobAuthor", tr("Author"))),
      m_playbook(named(new QLineEdit(this), "newJobPlaybook", tr("Playbook file"))),
      m_reviewSpec(
          named(new QCheckBox(tr("Wait for me to &accept its spec"), this), "newJobReviewSpec", tr("Review the spec"))),
      m_plan(new JobPlanPane(this)),
      m_whyNot(plainLabel("newJobWhyNot", {}, this))
{
    setObjectName(QStringLiteral("newJobDialog"));
    setAccessibleName(tr("New job"));
    setWindowTitle(tr("New job"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_repositories->setEditable(true);
    m_repositories->setLineEdit(m_repository);
    m_repositories->setInsertPolicy(QComboBox::NoInsert);
    m_repositories->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto *browse = plainButton("newJobBrowse", tr("&Browse…"), this);
    connect(browse, &QPushButton::clicked, this, [this] {
        auto *chooser = new QFileDialog(this, tr("A git repository"), m_repository->text());
        chooser->setFileMode(QFileDialog::Directory);
        chooser->setAttribute(Qt::WA_DeleteOnClose);
        connect(chooser, &QFileDialog::fileSelected, m_repository, &QLineEdit::setText);
        chooser->open();
    });
    auto *repository = new QHBoxLayout;
    repository->addWidget(m_repositories, 1);
    repository->addWidget(browse);
    m_task->setTabChangesFocus(true);
    m_task->setPlaceholderText(tr("What is to be done; the first line becomes the title"));
    m_target->setPlaceholderText(tr("the contract's, else the one that is checked out"));
    m_pipeline->addItem(tr("The contract's"), QString());
    for (const QString &name : builtInPipelineNames())
        m_pipeline->addItem(name, name);
    for (const char *priority : {"P0", "P1", "P2", "P3"})
        m_priority->addItem(QLatin1String(priority));
    m_priority->setCurrentIndex(2);
    const auto offer = [this](const AuthorOffer &one) {
        m_author->addItem(offerText(one), int(one.kind));
        m_author->setItemData(m_author->count() - 1, one.source, kSource);
    };
    offer({});
    offer({AuthorKind::Playbook, {}, {}, false, {}, {}, {}});
    for (const AuthorOffer &one : console.authors) {
        if (one.kind != AuthorKind::Person)
            offer(one);
    }
    m_author->setToolTip(tr("Models and agents are described in openfactory.yaml (docs/models.md, docs/agents.md)"));
    for (QComboBox *choice : {m_author, m_pipeline})
        choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);

    auto *fields = new QWidget(this);
    auto *form = new QFormLayout(fields);
    form->setContentsMargins(0, 0, 0, 0);
    form->addRow(tr("&Repository"), repository);
    qobject_cast<QLabel *>(form->labelForField(repository))->setBuddy(m_repositories);
    form->addRow(tr("&Task"), m_task);
    form->addRow(tr("&Slug"), m_slug);
    form->addRow(tr("Tar&get branch"), m_target);
    form->addRow(tr("P&ipeline"), m_pipeline);
    form->addRow(tr("Auth&or"), m_author);
    form->addRow(tr("Play&book"), m_playbook);
    form->addRow(tr("&Priority"), m_priority);
    form->addRow(QString(), m_reviewSpec);
    auto *both = new QSplitter(Qt::Horizontal, this);
    both->setObjectName(QStringLiteral("newJobSplitter"));
    both->setChildrenCollapsible(false);
    both->addWidget(fields);
    both->addWidget(m_plan);
    both->setSizes({420, 580});
    keepSplit(*both);
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
    layout->addWidget(both, 1);
    layout->addWidget(m_whyNot);
    layout->addWidget(buttons);
    resize(1040, 560);

    bringBack();
    m_typing.setSingleShot(true);
    m_typing.setInterval(250);
    connect(&m_typing, &QTimer::timeout, this, &NewJobDialog::plan);
    m_keep.setSingleShot(true);
    m_keep.setInterval(500);
    connect(&m_keep, &QTimer::timeout, this, &NewJobDialog::keep);
    const auto changed = [this, form] {
        form->setRowVisible(m_playbook, m_author->currentData().toInt() == int(AuthorKind::Playbook));
        const QString made = slugFrom(m_task->toPlainText());
        m_slug->setPlaceholderText(made.isEmpty() ? tr("a-z, 0-9, - and _; names the branch factory/…") : made);
        m_typing.start();
        m_keep.start();
        check();
    };
    for (QLineEdit *field : {m_repository, m_slug, m_target, m_playbook})
        connect(field, &QLineEdit::textChanged, this, changed);
    connect(m_task, &QPlainTextEdit::textChanged, this, changed);
    for (QComboBox *choice : {m_priority, m_author, m_pipeline})
        connect(choice, &QComboBox::currentIndexChanged, this, changed);
    connect(m_reviewSpec, &QCheckBox::toggled, this, changed);
    changed();
    m_keep.stop(); // nothing was typed yet
    plan();
    offerRepositories();
}

void NewJobDialog::offerRepositories()
{
    m_console.reader->ask(
        this, [](ReadSide &side) { return side.repositories(12); },
        [this](const Result<QStringList> &found) {
            const QString typed = m_repository->text();
            const QSignalBlocker quiet(m_repositories);
            const QSignalBlocker quietToo(m_repository);
            for (const QString &one : found.value_or(QStringList()))
                m_repositories->addItem(one);
            m_repository->setText(typed);
        });
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
        for (const QComboBox *choice : {m_priority, m_author, m_pipeline})
            settings.setValue(choice->objectName(), choice->currentText());
        settings.setValue(m_reviewSpec->objectName(), m_reviewSpec->isChecked());
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
    for (QComboBox *choice : {m_priority, m_author, m_pipeline}) {
        if (const int index = choice->findText(settings.value(choice->objectName()).toString()); index >= 0)
            choice->setCurrentIndex(index);
    }
    m_reviewSpec->setChecked(settings.value(m_reviewSpec->objectName()).toBool());
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

QString NewJobDialog::slug() const
{
    return m_slug->text().isEmpty() ? slugFrom(m_task->toPlainText()) : m_slug->text();
}

NewJob NewJobDialog::wanted() const
{
    NewJob wanted;
    wanted.slug = slug();
    wanted.task = m_task->toPlainText();
    wanted.repository = m_repository->text().trimmed();
    wanted.target = m_target->text().trimmed();
    wanted.pipeline = m_pipeline->currentData().toString();
    wanted.priority = Priority(m_priority->currentIndex());
    wanted.author = AuthorKind(m_author->currentData().toInt());
    wanted.authorSource = wanted.author == AuthorKind::Playbook ? m_playbook->text()
                                                                : m_author->currentData(kSource).toString();
    wanted.reviewSpec = m_reviewSpec->isChecked();
    return wanted;
}

void NewJobDialog::plan()
{
    const int number = ++m_planned;
    if (m_repository->text().trimmed().isEmpty()) {
        m_refused.clear();
        m_plan->clear(tr("Choose a repository: what the job would come to is shown here before anything is made."));
        return;
    }
    m_console.planner->ask(
        this,
        [git = m_console.git, wanted = wanted()](OperatorSide &side) mutable -> Result<JobPlan> {
            OF_CHECK(withContract(*git, wanted));
            return side.desk().plan(wanted);
        },
        [this, number](const Result<JobPlan> &plan) {
            if (number != m_planned)
                return;
            m_refused = !plan ? errorText(plan.error()) : plan->refused ? errorText(*plan->refused) : QString();
            if (plan)
                m_plan->show(*plan);
            else
                m_plan->clear(m_refused);
            check();
        });
}

QString NewJobDialog::whyNot() const
{
    if (m_making)
        return tr("The job is being made…");
    if (m_repository->text().trimmed().isEmpty())
        return tr("Choose a repository");
    if (slug().isEmpty())
        return tr("Say what is to be done, or give the job a short name");
    if (const auto parsed = Slug::parse(slug()); !parsed)
        return tr("The slug: %1").arg(errorText(parsed.error()));
    if (m_author->currentData().toInt() == int(AuthorKind::Playbook) && m_playbook->text().isEmpty())
        return tr("Name the playbook file");
    return m_refused;
}

void NewJobDialog::check()
{
    const QString why = whyNot();
    m_whyNot->setText(why);
    m_make->setEnabled(why.isEmpty());
}

void NewJobDialog::make()
{
    m_making = true;
    check();
    m_console.desk->ask(
        this,
        [git = m_console.git, wanted = wanted()](OperatorSide &side) mutable -> Result<Job> {
            OF_CHECK(withContract(*git, wanted));
            return side.desk().create(wanted);
        },
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
