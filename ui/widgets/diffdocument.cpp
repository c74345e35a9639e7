// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/diffdocument.h"

#include <QBuffer>
#include <QImageReader>
#include <QPointer>

#include <algorithm>

namespace openfactory {

namespace {

constexpr int changedLinesMost = 5000; ///< of a file that is loaded unasked
constexpr qint64 rowsKeptMost = 300'000;
constexpr qsizetype imageBytesMost = 16 * 1024 * 1024;
constexpr qint64 imagePixelsMost = 50'000'000;
constexpr int imageSideMost = 1024; ///< pixels of what is kept
constexpr qsizetype contentMost = 8 * 1024 * 1024;

/// PNG and JPEG alone, decoded no larger than can be shown.
QImage decode(const QByteArray &bytes)
{
    const QByteArrayView view(bytes);
    const bool png = view.startsWith("\x89PNG\r\n\x1a\n"), jpeg = view.startsWith("\xff\xd8\xff");
    if ((!png && !jpeg) || bytes.size() > imageBytesMost)
        return {};
    QBuffer buffer;
    buffer.setData(bytes);
    QImageReader reader(&buffer, png ? "png" : "jpeg");
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (!size.isValid() || qint64(size.width()) * size.height() > imagePixelsMost)
        return {};
    if (size.width() > imageSideMost || size.height() > imageSideMost)
        reader.setScaledSize(size.scaled(imageSideMost, imageSideMost, Qt::KeepAspectRatio));
    return reader.read();
}

bool mayBeImage(const RepoPath &path)
{
    const QByteArray name = path.toLower();
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
}

} // namespace

/// Used by tasks of the queue alone, so that it is one thread's.
struct DiffDocument::Work {
    std::unique_ptr<SyntaxColours> colours;
    QHash<RepoPath, DiffParts> parts; ///< of the files that are shown
};

DiffDocument::DiffDocument(QObject *parent)
    : QObject(parent),
      m_work(std::make_shared<Work>()),
      m_queue(std::make_unique<BackgroundQueue>())
{}

DiffDocument::~DiffDocument() = default;

void DiffDocument::setSource(DiffSource source)
{
    ++m_epoch;
    m_queue->cancel(0);
    m_work = std::make_shared<Work>();
    m_source = std::move(source);
    m_files.clear();
    m_files.reserve(m_source.files.size());
    for (const DiffFile &file : m_source.files) {
        File made;
        made.file = file;
        made.key = file.contentKey;
        made.nonText = hasNonTextChange(file.change);
        made.state = file.change.added + file.change.removed > changedLinesMost ? State::TooLarge : State::Waiting;
        m_files.push_back(std::move(made));
    }
    Q_EMIT reset();
}

int DiffDocument::indexOf(const RepoPath &path) const
{
    const auto at = std::ranges::lower_bound(
        m_files, path, {}, [](const File &file) -> const RepoPath & { return file.file.change.path; });
    return at != m_files.end() && at->file.change.path == path ? int(at - m_files.begin()) : -1;
}

void DiffDocument::want(int index, bool byHand)
{
    File &file = m_files[size_t(index)];
    file.used = ++m_clock;
    if (file.state == State::Waiting || ((file.state == State::TooLarge || file.state == State::Failed) && byHand))
        start(index);
}

void DiffDocument::openGap(int index, int gap, Opening how)
{
    File &file = m_files[size_t(index)];
    if (!file.shown || !file.shown->canOpenGaps)
        return;
    if (gap >= 0 && how == Opening::Whole)
        file.opened.push_back(gap);
    else if (gap >= 0)
        (how == Opening::Down ? file.partly[gap].begin : file.partly[gap].end) += kOpenedLines;
    for (int all = 0; gap < 0 && all < int(file.shown->gaps.size()); ++all)
        file.opened.push_back(all);
    start(index);
}

void DiffDocument::setOptions(const DiffOptions &options)
{
    if (options == m_options)
        return;
    m_options = options;
    ++m_epoch;
    m_queue->cancel(0);
    for (int i = 0; i < count(); ++i) {
        File &file = m_files[size_t(i)];
        if (file.state == State::Loaded || file.state == State::Loading)
            start(i);
    }
}

void DiffDocument::start(int index)
{
    File &file = m_files[size_t(index)];
    const bool large = file.state == State::TooLarge;
    if (!file.shown)
        file.state = State::Loading;
    ++file.asked; // the newest task runs first, so that an older one may be done after it
    const auto task = [this, work = m_work, patch = m_source.patch, content = m_source.content, wanted = file.file,
                       opened = file.opened, partly = file.partly, options = m_options, epoch = m_epoch,
                       asked = file.asked, index, large](const std::stop_token &stop) {
        const auto tell = [&](State state, std::shared_ptr<const DiffPresentation> shown, const Error &error) {
            const SyntaxPalette palette = work->colours ? work->colours->palette() : SyntaxPalette();
            const bool coloured = work->colours != nullptr;
            QMetaObject::invokeMethod(
                this,
                [this, state, shown = std::move(shown), error, palette, coloured, epoch, asked, index] {
                    if (epoch != m_epoch || asked != m_files[size_t(index)].asked)
                        return;
                    File &to = m_files[size_t(index)];
                    to.state = state;
                    to.error = error;
                    if (coloured)
                        m_syntax = palette;
                    if (shown) {
                        to.shown = shown;
                        to.file.change.added = shown->added;
                        to.file.change.removed = shown->removed;
                        to.file.change.binary |= shown->binary;
                        to.nonText |= shown->nonText;
                    }
                    if (shown && to.key.isEmpty()) {
                        to.key = shown->contentKey;
                        Q_EMIT keyKnown(index);
                    }
                    forgetOld();
                    Q_EMIT loaded(index);
                },
                Qt::QueuedConnection);
        };
        if (stop.stop_requested())
            return;
        DiffParts &parts = work->parts[wanted.change.path];
        if (parts.change.path.isEmpty()) {
            if (!patch)
                return tell(State::Failed, nullptr, Error{ErrorKind::Internal, {}, QStringLiteral("no source"), {}});
            auto got = patch(wanted);
            if (!got) {
                work->parts.remove(wanted.change.path);
                return tell(State::Failed, nullptr, got.error());
            }
            parts.change = std::move(*got);
        }
        parts.opened = opened;
        parts.partly = partly;
        if (!large && parts.change.added + parts.change.removed > changedLinesMost && wanted.change.added == 0) {
            // Nobody had counted before: shown as too large after all.
            auto summary = std::make_shared<DiffPresentation>();
            summary->added = parts.change.added;
            summary->removed = parts.change.removed;
            summary->contentKey = contentKeyOf(parts.change);
            summary->binary = parts.change.binary;
            summary->nonText = hasNonTextChange(parts.change);
            return tell(State::TooLarge, std::move(summary), {});
        }
        tell(State::Loaded, present(parts, options), {});

        // What follows takes longer, and the text is on the screen already.
        const bool image = parts.change.binary && mayBeImage(wanted.change.path);
        const bool text = !parts.change.binary && !parts.change.hunks.empty();
        if (content && (image || text) && !parts.newBytes && !parts.oldBytes) {
            const auto read = [&](DiffSide side) -> std::optional<QByteArray> {
                const bool absent = wanted.change.status
                                    == (side == DiffSide::Old ? FileStatus::Added : FileStatus::Deleted);
                const int mode = side == DiffSide::Old ? wanted.change.oldMode : wanted.change.newMode;
                if (absent || mode == 0160000)
                    return {};
                auto got = content(wanted, side);
                if (!got || got->size() > (image ? imageBytesMost : contentMost))
                    return {};
                return std::move(*got);
            };
            parts.oldBytes = read(DiffSide::Old);
            parts.newBytes = read(DiffSide::New);
        }
        if (stop.stop_requested())
            return;
        auto full = present(parts, options);
        if (image) {
            full->oldImage = parts.oldBytes ? decode(*parts.oldBytes) : QImage();
            full->newImage = parts.newBytes ? decode(*parts.newBytes) : QImage();
        } else if (options.syntax && text) {
            if (!work->colours)
                work->colours = std::make_unique<SyntaxColours>();
            work->colours->addTo(*full, parts);
        }
        tell(State::Loaded, std::move(full), {});
    };
    m_queue->post(0, task, true);
}

/// Files that were not looked at for longest go when there is too much; they are read again when they are seen.
void DiffDocument::forgetOld()
{
    qint64 rows = 0;
    std::vector<File *> shown;
    for (File &file : m_files) {
        if (!file.shown || file.state != State::Loaded)
            continue;
        file.rows = int(file.shown->unified.size());
        rows += file.rows;
        shown.push_back(&file);
    }
    if (rows <= rowsKeptMost)
        return;
    std::ranges::sort(shown, {}, &File::used);
    for (File *file : shown) {
        if (rows <= rowsKeptMost || file == shown.back())
            break;
        rows -= file->rows;
        m_queue->post(
            0, [work = m_work, path = file->file.change.path](const std::stop_token &) { work->parts.remove(path); });
        file->shown.reset();
        file->state = State::Waiting;
        Q_EMIT loaded(int(file - m_files.data()));
    }
}

} // namespace openfactory
