// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/settingsdialog.h"

#include "core/base/text.h"
#include "ui/widgets/named.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QGroupBox>
#include <QSettings>
#include <QSpinBox>
#include <QUrl>
#include <QVBoxLayout>

namespace openfactory::ui {

SettingsDialog::SettingsDialog(const QString &dataFolder, QWidget *parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("settingsDialog"));
    setAccessibleName(tr("Settings"));
    setWindowTitle(tr("Settings"));
    setAttribute(Qt::WA_DeleteOnClose);
    const QSettings settings;

    auto *scheme = named(new QComboBox(this), "settingsScheme", tr("Colours"));
    scheme->addItem(tr("As the desktop"), QString());
    scheme->addItem(tr("Light"), QStringLiteral("light"));
    scheme->addItem(tr("Dark"), QStringLiteral("dark"));
    scheme->setCurrentIndex(std::max(0, scheme->findData(settings.value(QStringLiteral("scheme")).toString())));
    connect(scheme, &QComboBox::currentIndexChanged, this, [this, scheme] {
        QSettings().setValue(QStringLiteral("scheme"), scheme->currentData());
        Q_EMIT schemeWanted(scheme->currentData().toString());
    });
    auto *grace = named(new QSpinBox(this), "settingsGrace", tr("Time to take a decision back"));
    grace->setRange(0, 60);
    grace->setSuffix(tr(" s"));
    grace->setSpecialValueText(tr("none"));
    grace->setValue(settings.value(QStringLiteral("graceMs"), 5000).toInt() / 1000);
    connect(grace, &QSpinBox::valueChanged, this, [this](int seconds) {
        QSettings().setValue(QStringLiteral("graceMs"), seconds * 1000);
        Q_EMIT graceWanted(seconds * 1000);
    });
    auto *notify = named(new QCheckBox(tr("Tell me when a &gate opens"), this), "settingsNotify",
                         tr("Tell me when a gate opens"));
    notify->setChecked(settings.value(QStringLiteral("notify"), true).toBool());
    connect(notify, &QCheckBox::toggled, this, [](bool on) { QSettings().setValue(QStringLiteral("notify"), on); });
    auto *form = new QFormLayout;
    form->addRow(tr("&Colours"), scheme);
    form->addRow(tr("Time to take a decision &back"), grace);
    form->addRow(QString(), notify);

    auto *engine = new QGroupBox(tr("Engine"), this);
    engine->setObjectName(QStringLiteral("settingsEngine"));
    const QString file = dataFolder + QStringLiteral("/openfactory.yaml");
    auto *inner = new QVBoxLayout(engine);
    inner->addWidget(plainLabel(
        "settingsEngineText",
        QFileInfo::exists(file)
            ? tr("Workers, polling, sandbox and the author of commits are set in\n%1\nand are read at the start.")
                  .arg(displayable(file))
            : tr("All defaults. A file\n%1\nwould change workers, polling, sandbox and the author of commits; it is read at the start.")
                  .arg(displayable(file)),
        engine));
    auto *open = plainButton("settingsOpenFolder", tr("Open the data &directory"), engine);
    connect(open, &QPushButton::clicked, this,
            [dataFolder] { QDesktopServices::openUrl(QUrl::fromLocalFile(dataFolder)); });
    inner->addWidget(open, 0, Qt::AlignLeft);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(engine);
    layout->addStretch(1);
    layout->addWidget(buttons);
    resize(520, 340);
}

} // namespace openfactory::ui
