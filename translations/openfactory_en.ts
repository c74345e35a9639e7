<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Words</name>
    <message numerus="yes">
        <source>%n s ago</source>
        <translation>
            <numerusform>%n s ago</numerusform>
            <numerusform>%n s ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>%n min ago</numerusform>
            <numerusform>%n min ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>%n h ago</numerusform>
            <numerusform>%n h ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>%n day ago</numerusform>
            <numerusform>%n days ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n year(s) ago</source>
        <translation>
            <numerusform>%n year ago</numerusform>
            <numerusform>%n years ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passed</source>
        <translation>
            <numerusform>%n passed</numerusform>
            <numerusform>%n passed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n skipped</source>
        <translation>
            <numerusform>%n skipped</numerusform>
            <numerusform>%n skipped</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::DiffFilesModel</name>
    <message numerus="yes">
        <source>%Ln finding(s)</source>
        <translation>
            <numerusform>%Ln finding</numerusform>
            <numerusform>%Ln findings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::DiffPane</name>
    <message numerus="yes">
        <source>⋯ %Ln unchanged line(s)</source>
        <translation>
            <numerusform>⋯ %Ln unchanged line</numerusform>
            <numerusform>⋯ %Ln unchanged lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln changed line(s). Press Enter or click to load.</source>
        <translation>
            <numerusform>%Ln changed line. Press Enter or click to load.</numerusform>
            <numerusform>%Ln changed lines. Press Enter or click to load.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not covered</source>
        <translation>
            <numerusform>%n not covered</numerusform>
            <numerusform>%n not covered</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n or more not covered</source>
        <translation>
            <numerusform>%n or more not covered</numerusform>
            <numerusform>%n or more not covered</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more line(s) downwards</source>
        <translation>
            <numerusform>%n more line downwards</numerusform>
            <numerusform>%n more lines downwards</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more line(s) upwards</source>
        <translation>
            <numerusform>%n more line upwards</numerusform>
            <numerusform>%n more lines upwards</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::DiffView</name>
    <message numerus="yes">
        <source>%n line(s) so far</source>
        <translation>
            <numerusform>%n line so far</numerusform>
            <numerusform>%n lines so far</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n line</numerusform>
            <numerusform>%n lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) not loaded, not searched</source>
        <translation>
            <numerusform>%n file not loaded, not searched</numerusform>
            <numerusform>%n files not loaded, not searched</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::LogView</name>
    <message numerus="yes">
        <source>%Ln new line(s) ↓</source>
        <translation>
            <numerusform>%Ln new line ↓</numerusform>
            <numerusform>%Ln new lines ↓</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln line(s)</source>
        <translation>
            <numerusform>%Ln line</numerusform>
            <numerusform>%Ln lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln error(s)</source>
        <translation>
            <numerusform>%Ln error</numerusform>
            <numerusform>%Ln errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln matching line(s)</source>
        <translation>
            <numerusform>%Ln matching line</numerusform>
            <numerusform>%Ln matching lines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::Notifier</name>
    <message numerus="yes">
        <source>%n job(s) need you</source>
        <translation>
            <numerusform>%n job needs you</numerusform>
            <numerusform>%n jobs need you</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::BannerStack</name>
    <message numerus="yes">
        <source>%n job(s) need you</source>
        <translation>
            <numerusform>%n job needs you</numerusform>
            <numerusform>%n jobs need you</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::DataPane</name>
    <message numerus="yes">
        <source>%n job(s) that are over keep caches of their tools.</source>
        <translation>
            <numerusform>%n job that is over keeps caches of its tools.</numerusform>
            <numerusform>%n jobs that are over keep caches of their tools.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::DoctorPane</name>
    <message numerus="yes">
        <source>%n thing(s) that jobs need are missing.</source>
        <translation>
            <numerusform>One thing that jobs need is missing.</numerusform>
            <numerusform>%n things that jobs need are missing.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::ExportDialog</name>
    <message numerus="yes">
        <source>Export %n job(s)</source>
        <translation>
            <numerusform>Export %n job</numerusform>
            <numerusform>Export %n jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exported %n job(s) to %1</source>
        <translation>
            <numerusform>Exported %n job to %1</numerusform>
            <numerusform>Exported %n jobs to %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::GateFrame</name>
    <message numerus="yes">
        <source>Why; at least %n characters where a risk is accepted or the change goes back</source>
        <translation>
            <numerusform>Why; at least %n character where a risk is accepted or the change goes back</numerusform>
            <numerusform>Why; at least %n characters where a risk is accepted or the change goes back</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::GatePresenter</name>
    <message numerus="yes">
        <source>%n risk(s) to accept</source>
        <translation>
            <numerusform>%n risk to accept</numerusform>
            <numerusform>%n risks to accept</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Say why the risk may be accepted (%n more character(s))</source>
        <translation>
            <numerusform>Say why the risk may be accepted (%n more character)</numerusform>
            <numerusform>Say why the risk may be accepted (%n more characters)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Say what has to change (%n more character(s))</source>
        <translation>
            <numerusform>Say what has to change (%n more character)</numerusform>
            <numerusform>Say what has to change (%n more characters)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s) and note(s)</source>
        <translation>
            <numerusform>%n warning or note</numerusform>
            <numerusform>%n warnings and notes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: tried again %n time(s)</source>
        <translation>
            <numerusform>%1: tried again once</numerusform>
            <numerusform>%1: tried again %n times</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Spent so far: %1, %2 in %n call(s)</source>
        <translation>
            <numerusform>Spent so far: %1, %2 in %n call</numerusform>
            <numerusform>Spent so far: %1, %2 in %n calls</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> (%n of them by an upper bound)</source>
        <translation>
            <numerusform> (%n of them by an upper bound)</numerusform>
            <numerusform> (%n of them by an upper bound)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them not known from before the change</source>
        <translation>
            <numerusform>%n of them not known from before the change</numerusform>
            <numerusform>%n of them not known from before the change</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them there before the change</source>
        <translation>
            <numerusform>%n of them was there before the change</numerusform>
            <numerusform>%n of them were there before the change</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::JobPlanPane</name>
    <message numerus="yes">
        <source>%1, %n file(s) on %2</source>
        <translation>
            <numerusform>%1, %n file on %2</numerusform>
            <numerusform>%1, %n files on %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::JobsPage</name>
    <message numerus="yes">
        <source>archive %n job(s)</source>
        <translation>
            <numerusform>archive %n job</numerusform>
            <numerusform>archive %n jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln job(s)</source>
        <translation>
            <numerusform>%Ln job</numerusform>
            <numerusform>%Ln jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %n job(s)</source>
        <translation>
            <numerusform>%1: %n job</numerusform>
            <numerusform>%1: %n jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cancel %n job(s)?</source>
        <translation>
            <numerusform>Cancel %n job?</numerusform>
            <numerusform>Cancel %n jobs?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::MainWindow</name>
    <message numerus="yes">
        <source>%n need(s) you</source>
        <translation>
            <numerusform>%n needs you</numerusform>
            <numerusform>%n need you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Quit while %n job(s) run?</source>
        <translation>
            <numerusform>Quit while %n job runs?</numerusform>
            <numerusform>Quit while %n jobs run?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n queued</source>
        <translation>
            <numerusform>%n queued</numerusform>
            <numerusform>%n queued</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::PlanTables</name>
    <message numerus="yes">
        <source>%n call(s)</source>
        <translation>
            <numerusform>%n call</numerusform>
            <numerusform>%n calls</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> (%n of them by an upper bound)</source>
        <translation>
            <numerusform> (%n of them by an upper bound)</numerusform>
            <numerusform> (%n of them by an upper bound)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::StageStrip</name>
    <message numerus="yes">
        <source>%1, %n attempt(s)</source>
        <translation>
            <numerusform>%1, %n attempt</numerusform>
            <numerusform>%1, %n attempts</numerusform>
        </translation>
    </message>
</context>
</TS>
