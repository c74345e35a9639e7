// SPDX-License-Identifier: Apache-2.0
#include "app/openfactory/appearance.h"

#include <KColorScheme>
#include <KIconTheme>
#include <KSharedConfig>
#include <QApplication>
#include <QIcon>
#include <QLibraryInfo>
#include <QLocale>
#include <QPainter>
#include <QPlainTextEdit>
#include <QProxyStyle>
#include <QSettings>
#include <QStyleHints>
#include <QStyleOption>
#include <QTranslator>

namespace openfactory {

void prepareAppearance()
{
    KIconTheme::initTheme();
}

namespace {

/// Longer and with signs of its own: what is not translated, or is cut, is seen at once.
class PseudoTranslator : public QTranslator {
public:
    using QTranslator::QTranslator;
    QString translate(const char *, const char *source, const char *, int) const override
    {
        QString text = QString::fromUtf8(source);
        static const QString from = QStringLiteral("aeiouAEIOU");
        static const QString to = QStringLiteral("áéíóúÁÉÍÓÚ");
        for (QChar &c : text) {
            if (const qsizetype at = from.indexOf(c); at >= 0)
                c = to[at];
        }
        text += QString(text.size() / 3, u'~');
        return u'[' + text + u']';
    }
    bool isEmpty() const override { return false; }
};

/// Fusion outlines boxes, circles and fields a little darker than the window: too little to be seen (3:1, screens.md
/// A3), and not at all where the window is dark. They are drawn once more, well on the way to the text's colour. The
/// arrow of a button with a menu lies over the last letter of its text: it gets a place of its own.
class OutlinedStyle : public QProxyStyle {
public:
    OutlinedStyle() : QProxyStyle(QStringLiteral("fusion")) {}
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override
    {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        const bool round = element == PE_IndicatorRadioButton;
        if (element == PE_Frame && isWrittenInto(widget))
            outline(*option, *painter, false, true);
        else if (round || element == PE_IndicatorCheckBox || element == PE_IndicatorItemViewItemCheck
                 || element == PE_FrameLineEdit)
            outline(*option, *painter, round, false);
    }
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                            const QWidget *widget) const override
    {
        if (const auto *button = hasMenu(option); control == CC_ToolButton && button) {
            QStyleOptionToolButton bare(*button);
            bare.features &= ~QStyleOptionToolButton::HasMenu;
            QProxyStyle::drawComplexControl(control, &bare, painter, widget);
            QStyleOption arrow(*option);
            arrow.rect = QRect(option->rect.right() - kArrow - 3, option->rect.center().y() - kArrow / 2, kArrow,
                               kArrow);
            proxy()->drawPrimitive(PE_IndicatorArrowDown, &arrow, painter, widget);
            return;
        }
        QProxyStyle::drawComplexControl(control, option, painter, widget);
        if (control == CC_SpinBox || control == CC_ComboBox)
            outline(*option, *painter, false, false);
    }
    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override
    {
        const QSize usual = QProxyStyle::sizeFromContents(type, option, size, widget);
        return type == CT_ToolButton && hasMenu(option) ? usual + QSize(2 * kArrow + 4, 0) : usual;
    }

private:
    static constexpr int kArrow = 8;
    static bool isWrittenInto(const QWidget *widget)
    {
        const auto *text = qobject_cast<const QPlainTextEdit *>(widget);
        return text && !text->isReadOnly();
    }
    static const QStyleOptionToolButton *hasMenu(const QStyleOption *option)
    {
        const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
        return button && button->features.testFlag(QStyleOptionToolButton::HasMenu)
                       && !button->features.testFlag(QStyleOptionToolButton::MenuButtonPopup)
                   ? button
                   : nullptr;
    }
    /// `always`: also around what has the focus, which Fusion itself does not show there.
    static void outline(const QStyleOption &option, QPainter &painter, bool round, bool always)
    {
        const QPalette &palette = option.palette;
        const QColor text = palette.color(QPalette::WindowText);
        const QColor ground = palette.color(QPalette::Window);
        const bool focus = option.state.testFlag(QStyle::State_HasFocus);
        if (focus && !always)
            return; // that outline is the highlight's
        const auto between = [](int a, int b) { return (3 * a + 2 * b) / 5; };
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(focus ? palette.color(QPalette::Highlight)
                             : QColor(between(text.red(), ground.red()), between(text.green(), ground.green()),
                                      between(text.blue(), ground.blue())));
        const QRectF rect = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
        if (round) {
            const qreal side = std::min(rect.width(), rect.height());
            painter.drawEllipse(rect.center(), side / 2, side / 2);
        } else {
            painter.drawRoundedRect(rect, 2, 2);
        }
        painter.restore();
    }
};

void install(QTranslator *translator, const QString &file)
{
    if (translator->load(file))
        QCoreApplication::installTranslator(translator);
}

} // namespace

void loadLanguage()
{
    const QString said = qEnvironmentVariable("OPENFACTORY_LANGUAGE");
    const QString wanted = said.isEmpty() ? QSettings().value(QStringLiteral("language")).toString() : said;
    install(new QTranslator(qApp), QStringLiteral(":/i18n/openfactory_en.qm"));
    if (wanted == u"pseudo") {
        QCoreApplication::installTranslator(new PseudoTranslator(qApp));
        return;
    }
    const QLocale locale = wanted.isEmpty() ? QLocale() : QLocale(wanted);
    if (!wanted.isEmpty())
        QLocale::setDefault(locale);
    if (locale.language() == QLocale::German) {
        install(new QTranslator(qApp),
                QLibraryInfo::path(QLibraryInfo::TranslationsPath) + QStringLiteral("/qtbase_de.qm"));
        install(new QTranslator(qApp), QStringLiteral(":/i18n/openfactory_de.qm"));
    }
}

void applyScheme(const QString &name)
{
    const bool dark = name.isEmpty() ? QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark
                                     : name == u"dark";
    const QString file = QStringLiteral(":/schemes/%1.colors").arg(dark ? u"dark" : u"light");
    // Every KColorScheme of the process reads this file from now on.
    qApp->setProperty("KDE_COLOR_SCHEME_PATH", file);
    QPalette palette = KColorScheme::createApplicationPalette(KSharedConfig::openConfig(file));
    // What is chosen looks chosen, wherever the focus is.
    for (const QPalette::ColorRole role : {QPalette::Highlight, QPalette::HighlightedText})
        palette.setColor(QPalette::Inactive, role, palette.color(QPalette::Active, role));
    if (QApplication::style()->name() == u"fusion" && !qobject_cast<QProxyStyle *>(QApplication::style()))
        QApplication::setStyle(new OutlinedStyle);
    QApplication::setPalette(palette);
    QIcon::setThemeName(dark ? QStringLiteral("breeze-dark") : QStringLiteral("breeze"));
}

} // namespace openfactory
