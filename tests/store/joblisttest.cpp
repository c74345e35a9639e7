// SPDX-License-Identifier: Apache-2.0
/// The list of jobs: what each filter and each combination of them finds, page by page, against a look at every job.
#include "tests/store/storefixture.h"

namespace openfactory {

class JobListTest : public QObject {
    Q_OBJECT

    StoreFolder m_folder;
    std::unique_ptr<JobStore> m_store;
    std::vector<Job> m_all; ///< newest first

    /// All that the filter finds, read in pages.
    std::vector<JobId> listed(JobFilter filter)
    {
        std::vector<JobId> ids;
        filter.limit = 7;
        while (true) {
            const auto page = m_store->jobs(filter);
            if (!page)
                qFatal("%s", qPrintable(toText(page.error())));
            for (const Job &job : *page)
                ids.push_back(job.id());
            if (int(page->size()) < filter.limit)
                return ids;
            filter.before = page->back().id();
        }
    }
    std::vector<JobId> expected(const JobFilter &filter) const
    {
        std::vector<JobId> ids;
        for (const Job &job : m_all)
            if (job.wishes.archived == filter.archived && (!filter.priority || job.wishes.priority == *filter.priority)
                && (!filter.state || job.progress.state == *filter.state)
                && (!filter.status || coarseStatus(job) == *filter.status)
                && (filter.repository.isEmpty() || job.identity.repository == filter.repository))
                ids.push_back(job.id());
        return ids;
    }

private Q_SLOTS:
    void initTestCase()
    {
        NEED(store, m_folder.open());
        m_store = std::move(store);
        for (int i = 0; i < 160; ++i) {
            Job job = newJob(QStringLiteral("job-%1").arg(i), QStringLiteral("/repo/%1").arg(i % 3));
            NEED_OK(m_store->create(job, newAudit(QStringLiteral("job.created"))));
            job.wishes.priority = Priority(i % 4);
            job.wishes.archived = i % 11 == 0;
            job.progress.state = JobState(i % 8);
            if (job.progress.state == JobState::Waiting)
                job.progress.wait.kind = i % 5 < 2 ? WaitKind::Approval : WaitKind::Change;
            else if (i % 7 == 0)
                job.progress.wait.kind = WaitKind::Approval; // left from before the job ended
            Step step = stepOf(job.id());
            step.progress = job.progress;
            step.wishes = job.wishes;
            NEED_OK(m_store->commit(step));
            m_all.insert(m_all.begin(), job);
        }
    }

    void findsWhatMatchesInEveryCombination()
    {
        int combinations = 0;
        for (int priority = -1; priority < 4; ++priority) {
            for (int state = -1; state < 8; ++state) {
                for (int status = -1; status < 5; ++status) {
                    for (const char *repository : {"", "/repo/1", "/nowhere"}) {
                        JobFilter filter;
                        filter.archived = (priority + state + status) % 2 != 0;
                        filter.repository = QLatin1String(repository);
                        if (priority >= 0)
                            filter.priority = Priority(priority);
                        if (state >= 0)
                            filter.state = JobState(state);
                        if (status >= 0)
                            filter.status = CoarseStatus(status);
                        QCOMPARE(listed(filter), expected(filter));
                        ++combinations;
                    }
                }
            }
        }
        QCOMPARE(combinations, 5 * 9 * 6 * 3);
        QVERIFY(expected({}).size() > 100);
    }

    void givesNoMoreThanWasAskedFor()
    {
        JobFilter filter;
        filter.limit = 3;
        filter.priority = Priority::P1;
        NEED(page, m_store->jobs(filter));
        QCOMPARE(page.size(), size_t(3));
        filter.priority.reset();
        NEED(first, m_store->jobs(filter));
        QCOMPARE(first.size(), size_t(3));
        QCOMPARE(first.front().id(), expected({}).front());
    }
};

} // namespace openfactory

using openfactory::JobListTest;
QTEST_GUILESS_MAIN(JobListTest)
#include "joblisttest.moc"
