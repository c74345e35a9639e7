// SPDX-License-Identifier: Apache-2.0
/// A gate on the screen, as page and as dialog: the evidence on the left, the decision on the right. Nothing is
/// pressed by Enter alone; Ctrl+Return submits what is valid. Shows a GatePresenter and holds no state of its own.
#pragma once

#include "ui/models/gatepresenter.h"

#include <QPointer>
#include <QWidget>

class QButtonGroup;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace openfactory::ui {

class DocumentReview;

class GateFrame : public QWidget {
    Q_OBJECT
public:
    explicit GateFrame(GatePresenter &presenter, QWidget *parent = nullptr);
    /// Shows the change where its card stands, opened and shut by a button of the card. Takes the widget.
    void setChanges(QWidget *changes);

Q_SIGNALS:
    void sourceWanted(const QString &tab);      ///< a card's "Show": the tab of the job page
    void findingWanted(const QModelIndex &row); ///< its place
    void logWanted(const QModelIndex &row);     ///< of the attempt that found it
    void jobWanted();
    void folderWanted(const QString &path); ///< of the workspace
    void contractWanted(const QString &text);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeDecision();
    QWidget *makeHandBack();
    void show();
    void showCards();
    QWidget *makeCard(const EvidenceCard &card);
    QWidget *makeMeters();
    void openChanges(bool open);
    void orderTabs();
    void showRisks();
    void showInput();

    GatePresenter &m_presenter;
    QLabel *m_mark;
    QLabel *m_title;
    QLabel *m_instructions;
    QWidget *m_stale;
    QLabel *m_staleText;
    QVBoxLayout *m_cards;
    QScrollArea *m_scroll;
    QPushButton *m_contract;
    QPushButton *m_openJob;
    QWidget *m_changes = nullptr;
    QPointer<QPushButton> m_changesButton; ///< of the card that is shown now
    QPointer<QLabel> m_viewed;             ///< of the same
    bool m_changesOpen = false;
    DocumentReview *m_document;
    QWidget *m_findings;
    QWidget *m_decision;
    QWidget *m_handBack;
    QButtonGroup *m_kinds;
    QScrollArea *m_riskScroll;
    QVBoxLayout *m_risks;
    QLabel *m_risksTitle;
    QPlainTextEdit *m_comment;
    QLabel *m_summary;
    QLabel *m_whyNot;
    QPushButton *m_submit;
    QPushButton *m_undo;
    QPushButton *m_goOn;
    QPlainTextEdit *m_answer;
    QPushButton *m_sendAnswer;
    QPushButton *m_openFolder;
    QPushButton *m_retry;
    QPushButton *m_archive;
    QPushButton *m_cancel;
    QLabel *m_handBackText;
};

} // namespace openfactory::ui
