// SPDX-License-Identifier: Apache-2.0
/// The files of a diff as the view sees them: what is loaded of each, asked for when it is looked at and read on a
/// thread of its own. Lives on the GUI thread and never waits.
#pragma once

#include "ui/widgets/backgroundqueue.h"
#include "ui/widgets/diffpresenter.h"
#include "ui/widgets/syntaxcolours.h"

#include <QObject>

namespace openfactory {

class DiffDocument : public QObject {
    Q_OBJECT
public:
    enum class State : quint8 {
        Waiting, ///< not asked for yet
        Loading,
        TooLarge, ///< loaded only when asked for by hand
        Loaded,
        Failed
    };
    /// How much of a gap is shown: all of it, or so many lines more after its begin or before its end.
    enum class Opening : quint8 { Whole, Down, Up };
    static constexpr int kOpenedLines = 20;
    struct File {
        DiffFile file;
        State state = State::Waiting;
        std::shared_ptr<const DiffPresentation> shown;
        Error error;
        std::vector<int> opened;        ///< gaps
        QHash<int, DiffOpening> partly; ///< gaps of which some is shown
        QString key;                    ///< contentKey, once it is known
        quint64 used = 0;               ///< when it was last looked at
        quint64 asked = 0;              ///< how often it was started; what an earlier start gives is dropped
        bool nonText = false;           ///< has something that a text does not show, as far as is known yet
        int rows = 0;                   ///< what it took when it was shown last, for its place while it is not loaded
    };

    explicit DiffDocument(QObject *parent = nullptr);
    ~DiffDocument() override;

    void setSource(DiffSource source);
    int count() const { return int(m_files.size()); }
    const File &file(int index) const { return m_files[size_t(index)]; }
    const std::vector<File> &files() const { return m_files; }
    int indexOf(const RepoPath &path) const; ///< -1: none

    /// Asks for a file that is seen; loaded() follows. Nothing where it is there, on its way, or too large and not
    /// `byHand`.
    void want(int index, bool byHand = false);
    void openGap(int index, int gap, Opening how = Opening::Whole); ///< -1: all
    void setOptions(const DiffOptions &options);
    const DiffOptions &options() const { return m_options; }
    const SyntaxPalette &syntax() const { return m_syntax; }

Q_SIGNALS:
    void reset();           ///< other files
    void loaded(int index); ///< the file's state or content is another
    void keyKnown(int index);

private:
    struct Work;
    void start(int index);
    void forgetOld();

    DiffSource m_source;
    std::vector<File> m_files;
    DiffOptions m_options;
    SyntaxPalette m_syntax;
    quint64 m_epoch = 0; ///< of source and options; what an older one gives is dropped
    quint64 m_clock = 0;
    std::shared_ptr<Work> m_work; ///< what the reading thread keeps
    std::unique_ptr<BackgroundQueue> m_queue;
};

} // namespace openfactory
