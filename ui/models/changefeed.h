// SPDX-License-Identifier: Apache-2.0
/// Tells the models which jobs have news: reads the events after each wake, by number, and once a while without one.
/// GUI thread.
#pragma once

#include "ui/models/readside.h"
#include "ui/models/worker.h"

#include <QObject>
#include <QTimer>

namespace openfactory::ui {

class ChangeFeed : public QObject {
    Q_OBJECT
public:
    explicit ChangeFeed(Worker<ReadSide> &reader, QObject *parent = nullptr);
    /// Looks at the store now; several calls while a look is under way are one more look.
    void look();
    bool isReady() const { return m_seq >= 0; } ///< ready() was said
    bool enginePaused() const { return m_enginePaused; }

Q_SIGNALS:
    void ready();                                  ///< the store was read for the first time
    void changed(const std::vector<qint64> &jobs); ///< numbers of jobs with news, new ones among them
    void manyChanged();                            ///< too much to name: read everything again
    void pausedChanged(bool paused);
    void failed(const QString &why); ///< the store cannot be read; empty when it can again
    void storeLost();                ///< its file was deleted or replaced: what is read is nobody else's any more

private:
    void take(const Changes &changes);

    Worker<ReadSide> &m_reader;
    QTimer m_fallback;
    qint64 m_seq = -1; ///< nothing read yet
    qint64 m_newest = 0;
    bool m_looking = false;
    bool m_again = false;
    bool m_enginePaused = false;
    bool m_lost = false;
    QString m_failure;
};

} // namespace openfactory::ui
