// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/difffilesmodel.h"

#include "core/base/text.h"

namespace openfactory {

DiffFilesModel::DiffFilesModel(DiffDocument *document, QObject *parent)
    : QAbstractItemModel(parent),
      m_document(document)
{
    connect(document, &DiffDocument::reset, this, &DiffFilesModel::build);
    connect(document, &DiffDocument::loaded, this, [this](int file) {
        const QModelIndex at = indexOfFile(file);
        Q_EMIT dataChanged(at, at.siblingAtColumn(ColumnCount - 1));
    });
    build();
}

void DiffFilesModel::build()
{
    beginResetModel();
    m_nodes.assign(1, {});
    m_nodeOfFile.clear();
    // Files are sorted by path, so that a folder's files follow one another: the way from the root is kept.
    std::vector<std::pair<QByteArray, int>> way;
    for (int file = 0; file < m_document->count(); ++file) {
        const QByteArrayList parts = m_document->file(file).file.change.path.split('/');
        size_t alike = 0;
        while (alike < way.size() && qsizetype(alike) + 1 < parts.size() && way[alike].first == parts[qsizetype(alike)])
            ++alike;
        way.resize(alike);
        const auto add = [&](const QByteArray &name, int number) {
            const int parent = way.empty() ? 0 : way.back().second;
            const int made = int(m_nodes.size());
            m_nodes.push_back({displayPath(name), number, parent, int(m_nodes[size_t(parent)].children.size()), {}});
            m_nodes[size_t(parent)].children.push_back(made);
            return made;
        };
        for (qsizetype part = qsizetype(alike); part + 1 < parts.size(); ++part)
            way.emplace_back(parts[part], add(parts[part], -1));
        m_nodeOfFile.push_back(add(parts.last(), file));
    }
    // A folder with nothing but one folder in it becomes a part of that one's name.
    for (size_t node = 1; node < m_nodes.size(); ++node) {
        while (m_nodes[node].file < 0 && m_nodes[node].children.size() == 1) {
            const auto only = size_t(m_nodes[node].children.front());
            if (m_nodes[only].file >= 0)
                break;
            m_nodes[node].name += QLatin1Char('/') + m_nodes[only].name;
            m_nodes[node].children = std::move(m_nodes[only].children);
            for (const int child : m_nodes[node].children)
                m_nodes[size_t(child)].parent = int(node);
        }
    }
    endResetModel();
}

bool DiffFilesModel::isViewed(int file) const
{
    return m_viewed.contains(m_document->file(file).key);
}

void DiffFilesModel::setViewed(const QSet<QString> &keys)
{
    m_viewed = keys;
    for (int file = 0; file < m_document->count(); ++file) {
        const QModelIndex at = indexOfFile(file);
        Q_EMIT dataChanged(at, at, {Qt::CheckStateRole, Qt::AccessibleTextRole});
    }
}

void DiffFilesModel::setFindings(const std::vector<DiffFinding> &findings)
{
    m_findings.clear();
    for (const DiffFinding &finding : findings)
        ++m_findings[finding.path];
    for (int file = 0; file < m_document->count(); ++file) {
        const QModelIndex at = indexOfFile(file);
        Q_EMIT dataChanged(at, at.siblingAtColumn(ColumnCount - 1));
    }
}

QModelIndex DiffFilesModel::indexOfFile(int file) const
{
    if (file < 0 || file >= int(m_nodeOfFile.size()))
        return {};
    const int node = m_nodeOfFile[size_t(file)];
    return createIndex(m_nodes[size_t(node)].row, 0, quintptr(node));
}

QModelIndex DiffFilesModel::index(int row, int column, const QModelIndex &parent) const
{
    const Node &of = m_nodes[size_t(nodeOf(parent))];
    if (row < 0 || row >= int(of.children.size()) || column < 0 || column >= ColumnCount)
        return {};
    return createIndex(row, column, quintptr(of.children[size_t(row)]));
}

QModelIndex DiffFilesModel::parent(const QModelIndex &index) const
{
    const int parent = index.isValid() ? m_nodes[size_t(nodeOf(index))].parent : 0;
    return parent == 0 ? QModelIndex() : createIndex(m_nodes[size_t(parent)].row, 0, quintptr(parent));
}

int DiffFilesModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : int(m_nodes[size_t(nodeOf(parent))].children.size());
}

int DiffFilesModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QString DiffFilesModel::spoken(int file) const
{
    const DiffFile &from = m_document->file(file).file;
    const FileChange &change = from.change;
    const QString kinds[] = {tr("Added"),   tr("Modified"), tr("Deleted"),
                             tr("Renamed"), tr("Copied"),   tr("Type changed")};
    QStringList said{kinds[int(change.status)] + QLatin1Char(' ') + displayPath(change.path),
                     tr("%1 added, %2 removed").arg(change.added).arg(change.removed)};
    said << (isViewed(file) ? tr("viewed") : tr("not viewed"));
    if (from.outside)
        said << tr("outside the contract");
    if (const int found = m_findings.value(change.path))
        said << tr("%Ln finding(s)", nullptr, found);
    return said.join(QStringLiteral(", "));
}

QVariant DiffFilesModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Node &node = m_nodes[size_t(nodeOf(index))];
    if (role == FileRole)
        return node.file;
    if (node.file < 0) {
        if (role == Qt::DisplayRole && index.column() == Name)
            return node.name;
        return {};
    }
    const DiffFile &file = m_document->file(node.file).file;
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Changes)
            return file.change.added + file.change.removed == 0
                       ? QString()
                       : QStringLiteral("+%1 −%2").arg(file.change.added).arg(file.change.removed);
        {
            QString text = statusLetter(file.change.status) + QLatin1Char(' ') + node.name;
            if (file.outside)
                text += QStringLiteral("  ■");
            if (const int found = m_findings.value(file.change.path))
                text += QStringLiteral("  ▲") + QString::number(found);
            return text;
        }
    case PathRole: return displayPath(file.change.path);
    case Qt::AccessibleTextRole: return spoken(node.file);
    case Qt::ToolTipRole: // in a tag of ours, so that it is never taken for markup
        return QStringLiteral("<span>%1</span>").arg(spoken(node.file).toHtmlEscaped());
    case Qt::CheckStateRole:
        if (index.column() == Name)
            return isViewed(node.file) ? Qt::Checked : Qt::Unchecked;
        break;
    default: break;
    }
    return {};
}

QVariant DiffFilesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("File (ticked: viewed)") : tr("Lines");
}

Qt::ItemFlags DiffFilesModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    if (index.isValid() && m_nodes[size_t(nodeOf(index))].file >= 0 && index.column() == Name)
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

bool DiffFilesModel::setData(const QModelIndex &index, const QVariant &, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid() || m_nodes[size_t(nodeOf(index))].file < 0)
        return false;
    Q_EMIT viewedToggled(m_nodes[size_t(nodeOf(index))].file); // whoever keeps the marks says so
    return true;
}

} // namespace openfactory
