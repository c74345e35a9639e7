// SPDX-License-Identifier: Apache-2.0
/// The files of a diff as a tree of their folders; folders that hold one folder alone are shown as one. GUI thread.
#pragma once

#include "ui/widgets/diffdocument.h"

#include <QAbstractItemModel>
#include <QSet>

namespace openfactory {

class DiffFilesModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Changes, ColumnCount };
    enum Role {
        FileRole = Qt::UserRole, ///< index of the file; -1 for a folder
        PathRole                 ///< as shown, for the filter
    };

    explicit DiffFilesModel(DiffDocument *document, QObject *parent = nullptr);

    void setViewed(const QSet<QString> &keys);
    void setFindings(const std::vector<DiffFinding> &findings);
    QModelIndex indexOfFile(int file) const;

    QModelIndex index(int row, int column, const QModelIndex &parent) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent) const override;
    int columnCount(const QModelIndex &parent) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

Q_SIGNALS:
    void viewedToggled(int file);

private:
    struct Node {
        QString name;
        int file = -1;
        int parent = 0;
        int row = 0; ///< among its parent's children
        std::vector<int> children;
    };
    void build();
    int nodeOf(const QModelIndex &index) const { return index.isValid() ? int(index.internalId()) : 0; }
    bool isViewed(int file) const;
    QString spoken(int file) const;

    DiffDocument *m_document;
    std::vector<Node> m_nodes; ///< the root first
    std::vector<int> m_nodeOfFile;
    QSet<QString> m_viewed;
    QHash<RepoPath, int> m_findings;
};

} // namespace openfactory
