// SPDX-License-Identifier: Apache-2.0
#include "app/openfactory/appearance.h"

#include <KColorScheme>
#include <KIconTheme>
#include <KSharedConfig>
#include <KStyleManager>
#include <QApplication>
#include <QIcon>
#include <QLibraryInfo>
#include <QLocale>
#include <QStyle>
#include <QStyleHints>
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

void install(QTranslator *translator, const QString &file)
{
    if (translator->load(file))
        QCoreApplication::installTranslator(translator);
}

} // namespace

void loadLanguage()
{
    const QString wanted = qEnvironmentVariable("OPENFACTORY_LANGUAGE");
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
    QApplication::setPalette(palette);
    QIcon::setThemeName(dark ? QStringLiteral("breeze-dark") : QStringLiteral("breeze"));
}

} // namespace openfactory
