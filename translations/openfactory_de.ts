<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Filter</name>
    <message>
        <source>&quot;%1&quot; means nothing here: %2</source>
        <translation>„%1“ bedeutet hier nichts: %2</translation>
    </message>
    <message>
        <source>queued, created, running, waiting, done, failed, ci_failed, cancelled, rolled_back</source>
        <translation>queued, created, running, waiting, done, failed, ci_failed, cancelled, rolled_back</translation>
    </message>
    <message>
        <source>write age:&lt;2d or age:&gt;1h</source>
        <translation>age:&lt;2d oder age:&gt;1h schreiben</translation>
    </message>
    <message>
        <source>archived, paused or open</source>
        <translation>archived, paused oder open</translation>
    </message>
    <message>
        <source>write needs:me</source>
        <translation>needs:me schreiben</translation>
    </message>
    <message>
        <source>P0, P1, P2 or P3</source>
        <translation>P0, P1, P2 oder P3</translation>
    </message>
    <message>
        <source>person, playbook, model or agent</source>
        <translation>person, playbook, model oder agent</translation>
    </message>
    <message>
        <source>write finished:today</source>
        <translation>finished:today schreiben</translation>
    </message>
</context>
<context>
    <name>Marks</name>
    <message>
        <source>Not started</source>
        <translation>Nicht begonnen</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>Wartet auf Platz</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Waiting for you</source>
        <translation>Wartet auf Sie</translation>
    </message>
    <message>
        <source>Passed</source>
        <translation>Bestanden</translation>
    </message>
    <message>
        <source>Passed with a risk</source>
        <translation>Bestanden mit Risiko</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Blocked by contract</source>
        <translation>Vom Vertrag gesperrt</translation>
    </message>
    <message>
        <source>Reverted</source>
        <translation>Zurückgenommen</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Ausgelassen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>Unterbrochen</translation>
    </message>
</context>
<context>
    <name>Notes</name>
    <message>
        <source>%1 (found before the change as well)</source>
        <translation>%1 (auch vor der Änderung schon gefunden)</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>A job waits for you</source>
        <translation>Ein Auftrag wartet auf Sie</translation>
    </message>
    <message>
        <source>Tell me when a &amp;gate opens</source>
        <translation>&amp;Melden, wenn etwas auf mich wartet</translation>
    </message>
    <message>
        <source>A job failed</source>
        <translation>Ein Auftrag ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>Tell me when a job &amp;fails</source>
        <translation>Melden, wenn ein Auftrag &amp;fehlschlägt</translation>
    </message>
    <message>
        <source>A job is done</source>
        <translation>Ein Auftrag ist fertig</translation>
    </message>
    <message>
        <source>Tell me when a job is d&amp;one</source>
        <translation>Melden, wenn ein Auftrag f&amp;ertig ist</translation>
    </message>
    <message>
        <source>The engine has stopped</source>
        <translation>Die Maschine steht</translation>
    </message>
    <message>
        <source>Tell me when the engine &amp;stops by itself</source>
        <translation>Melden, wenn die Maschine von selbst &amp;stehen bleibt</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Safety</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Changes made by people</source>
        <translation>Änderungen von Menschen</translation>
    </message>
    <message>
        <source>Author of the commits</source>
        <translation>Autor der Commits</translation>
    </message>
    <message>
        <source>Inside the engine</source>
        <translation>Im Inneren der Maschine</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>ms</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>Plätze</translation>
    </message>
    <message>
        <source>How many jobs run at the same time in each process; 1 to 64.</source>
        <translation>Wie viele Aufträge in jedem Prozess zugleich laufen; 1 bis 64.</translation>
    </message>
    <message>
        <source>jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Free space that is kept</source>
        <translation>Platz, der frei bleibt</translation>
    </message>
    <message>
        <source>Below it no command is started and the job is paused; 0 turns this off.</source>
        <translation>Darunter wird kein Befehl gestartet und der Auftrag angehalten; 0 schaltet das ab.</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>Prepare the workspace of the next job</source>
        <translation>Arbeitsordner des nächsten Auftrags vorbereiten</translation>
    </message>
    <message>
        <source>The files of a large repository are written out while nobody waits for them; takes as much disk as its workspace.</source>
        <translation>Die Dateien eines großen Repositorys werden geschrieben, während niemand darauf wartet; braucht so viel Platz wie sein Arbeitsordner.</translation>
    </message>
    <message>
        <source>Sandbox</source>
        <translation>Sandbox</translation>
    </message>
    <message>
        <source>Off: every command of a job runs with all your rights, and may read and change all that you may.</source>
        <translation>Aus (off): jeder Befehl eines Auftrags läuft mit allen Ihren Rechten und darf alles lesen und ändern, was Sie dürfen.</translation>
    </message>
    <message>
        <source>A broken audit log</source>
        <translation>Ein beschädigtes Prüfbuch</translation>
    </message>
    <message>
        <source>refuse: no engine starts on it. warn: it goes on, and says so. Also for a store that is older than its witness.</source>
        <translation>refuse: keine Maschine startet damit. warn: es geht weiter, mit einem Hinweis. Auch für einen Speicher, der älter ist als sein Zeuge.</translation>
    </message>
    <message>
        <source>Answer a gate from the record</source>
        <translation>Eine Stufe aus den Akten beantworten</translation>
    </message>
    <message>
        <source>Where nothing that it judges has changed since it passed, it is not run again, and says so.</source>
        <translation>Hat sich seit dem Bestehen nichts geändert, was sie beurteilt, so läuft sie nicht noch einmal, und sagt das.</translation>
    </message>
    <message>
        <source>Gates at the same time</source>
        <translation>Prüfungen zur gleichen Zeit</translation>
    </message>
    <message>
        <source>Of all jobs of each process; 0: as many as there are cores, 1: one after another; 0 to 64.</source>
        <translation>Von allen Aufträgen jedes Prozesses; 0: so viele, wie es Kerne gibt, 1: eine nach der anderen; 0 bis 64.</translation>
    </message>
    <message>
        <source>Judge a change as soon as it stands still</source>
        <translation>Eine Änderung beurteilen, sobald sie ruht</translation>
    </message>
    <message>
        <source>Off: a person says when the change in the workspace is ready.</source>
        <translation>Aus: ein Mensch sagt, wann die Änderung im Arbeitsordner fertig ist.</translation>
    </message>
    <message>
        <source>Look at the workspace every</source>
        <translation>Nach dem Arbeitsordner sehen alle</translation>
    </message>
    <message>
        <source>A change that is alike at two looks stands still; 100 to 600000.</source>
        <translation>Eine Änderung, die zweimal gleich aussieht, ruht; 100 bis 600000.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Who the engine&apos;s commits are by.</source>
        <translation>Von wem die Commits der Maschine sind.</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-Mail</translation>
    </message>
    <message>
        <source>The address beside the name.</source>
        <translation>Die Adresse neben dem Namen.</translation>
    </message>
    <message>
        <source>Co-author</source>
        <translation>Mitautor</translation>
    </message>
    <message>
        <source>Named below each commit, as &quot;Name &lt;mail&gt;&quot;; empty: nobody.</source>
        <translation>Unter jedem Commit genannt, als „Name &lt;mail&gt;“; leer: niemand.</translation>
    </message>
    <message>
        <source>Look for work, while jobs run, every</source>
        <translation>Nach Arbeit sehen, solange etwas läuft, alle</translation>
    </message>
    <message>
        <source>A fallback: news come at once by socket and file watch; 10 to 3600000.</source>
        <translation>Nur für den Notfall: Neues kommt sofort über Socket und Dateiwache; 10 bis 3600000.</translation>
    </message>
    <message>
        <source>Look for work, while idle, every</source>
        <translation>Nach Arbeit sehen, solange nichts läuft, alle</translation>
    </message>
    <message>
        <source>A fallback, as above; 10 to 3600000.</source>
        <translation>Nur für den Notfall, wie oben; 10 bis 3600000.</translation>
    </message>
    <message>
        <source>Lease of a job</source>
        <translation>Pacht eines Auftrags</translation>
    </message>
    <message>
        <source>A process that says nothing for this long has lost its job to others; 500 to 600000.</source>
        <translation>Ein Prozess, der so lange schweigt, hat seinen Auftrag an andere verloren; 500 bis 600000.</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>Weitere</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message numerus="yes">
        <source>%n s ago</source>
        <translation>
            <numerusform>vor %n s</numerusform>
            <numerusform>vor %n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>vor %n min</numerusform>
            <numerusform>vor %n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>vor %n h</numerusform>
            <numerusform>vor %n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>vor %n Tag</numerusform>
            <numerusform>vor %n Tagen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n year(s) ago</source>
        <translation>
            <numerusform>vor %n Jahr</numerusform>
            <numerusform>vor %n Jahren</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 T %2 h</translation>
    </message>
    <message>
        <source>answer a question</source>
        <translation>eine Frage beantworten</translation>
    </message>
    <message>
        <source>make a change</source>
        <translation>eine Änderung machen</translation>
    </message>
    <message>
        <source>approve</source>
        <translation>entscheiden</translation>
    </message>
    <message>
        <source>resolve a conflict</source>
        <translation>einen Konflikt lösen</translation>
    </message>
    <message>
        <source>checks</source>
        <translation>Prüfungen</translation>
    </message>
    <message>
        <source>bake time</source>
        <translation>Wartezeit</translation>
    </message>
    <message>
        <source>a free worker</source>
        <translation>einen freien Platz</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>Wartet auf Platz</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Waiting for checks</source>
        <translation>Wartet auf Prüfungen</translation>
    </message>
    <message>
        <source>Waiting for bake time</source>
        <translation>Wartet auf Wartezeit</translation>
    </message>
    <message>
        <source>Waiting for you: %1</source>
        <translation>Wartet auf Sie: %1</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Blocked by contract</source>
        <translation>Vom Vertrag gesperrt</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>CI failed</source>
        <translation>CI fehlgeschlagen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Rolled back</source>
        <translation>Zurückgerollt</translation>
    </message>
    <message>
        <source>%1, paused</source>
        <translation>%1, angehalten</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message numerus="yes">
        <source>%n passed</source>
        <translation>
            <numerusform>%n bestanden</numerusform>
            <numerusform>%n bestanden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n fehlgeschlagen</numerusform>
            <numerusform>%n fehlgeschlagen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n skipped</source>
        <translation>
            <numerusform>%n ausgelassen</numerusform>
            <numerusform>%n ausgelassen</numerusform>
        </translation>
    </message>
    <message>
        <source>It did not work: %1</source>
        <translation>Es ging nicht: %1</translation>
    </message>
    <message>
        <source>Next: %1</source>
        <translation>Als Nächstes: %1</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>success</source>
        <translation>bestanden</translation>
    </message>
    <message>
        <source>failure</source>
        <translation>misslungen</translation>
    </message>
    <message>
        <source>neutral</source>
        <translation>neutral</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>übersprungen</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>timed out</source>
        <translation>Zeit überschritten</translation>
    </message>
    <message>
        <source>asks for an act on the forge</source>
        <translation>verlangt eine Handlung auf der Schmiede</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>überholt</translation>
    </message>
    <message>
        <source>broken, no verdict</source>
        <translation>gestört, kein Urteil</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>Entwurf</translation>
    </message>
    <message>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>geschlossen</translation>
    </message>
    <message>
        <source>merged</source>
        <translation>übernommen</translation>
    </message>
    <message>
        <source>look at a document</source>
        <translation>ein Dokument ansehen</translation>
    </message>
    <message>
        <source>The forge takes %1 more requests</source>
        <translation>Die Forge nimmt noch %1 Anfragen</translation>
    </message>
    <message>
        <source>The forge takes %1 of %2 requests more</source>
        <translation>Die Forge nimmt noch %1 von %2 Anfragen</translation>
    </message>
    <message>
        <source>%1 until %2</source>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>%1; it said so %2.</source>
        <translation>%1; das sagte sie %2.</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>The OpenFactory console</source>
        <translation>Die Konsole von OpenFactory</translation>
    </message>
    <message>
        <source>The data directory, as with factory --data.</source>
        <translation>Das Datenverzeichnis, wie bei factory --data.</translation>
    </message>
    <message>
        <source>An openfactory:// link to open.</source>
        <translation>Ein Verweis openfactory://, der geöffnet wird.</translation>
    </message>
    <message>
        <source>OpenFactory cannot start</source>
        <translation>OpenFactory kann nicht starten</translation>
    </message>
    <message>
        <source>Say when the jobs were listed, and at the end how long the window did not answer at the worst.</source>
        <translation>Sagen, wann die Aufträge aufgelistet waren, und am Ende, wie lange das Fenster schlimmstenfalls nicht antwortete.</translation>
    </message>
</context>
<context>
    <name>openfactory::Application</name>
    <message>
        <source>The engine has stopped: nobody would know of what it does, as the store that it writes to is gone.</source>
        <translation>Die Maschine steht: Was sie täte, erführe niemand, denn der Speicher, in den sie schreibt, ist nicht mehr da.</translation>
    </message>
</context>
<context>
    <name>openfactory::DiffFilesModel</name>
    <message>
        <source>Added</source>
        <translation>Hinzugefügt</translation>
    </message>
    <message>
        <source>Modified</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Gelöscht</translation>
    </message>
    <message>
        <source>Renamed</source>
        <translation>Umbenannt</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Type changed</source>
        <translation>Art geändert</translation>
    </message>
    <message>
        <source>%1 added, %2 removed</source>
        <translation>%1 dazu, %2 weg</translation>
    </message>
    <message>
        <source>viewed</source>
        <translation>angesehen</translation>
    </message>
    <message>
        <source>not viewed</source>
        <translation>nicht angesehen</translation>
    </message>
    <message>
        <source>outside the contract</source>
        <translation>außerhalb des Vertrags</translation>
    </message>
    <message numerus="yes">
        <source>%Ln finding(s)</source>
        <translation>
            <numerusform>%Ln Befund</numerusform>
            <numerusform>%Ln Befunde</numerusform>
        </translation>
    </message>
    <message>
        <source>File (ticked: viewed)</source>
        <translation>Datei (Haken: angesehen)</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>Zeilen</translation>
    </message>
</context>
<context>
    <name>openfactory::DiffPane</name>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>No file is changed.</source>
        <translation>Keine Datei ist geändert.</translation>
    </message>
    <message>
        <source>⋯ the rest of the file, not changed</source>
        <translation>⋯ der Rest der Datei, unverändert</translation>
    </message>
    <message numerus="yes">
        <source>⋯ %Ln unchanged line(s)</source>
        <translation>
            <numerusform>⋯ %Ln unveränderte Zeile</numerusform>
            <numerusform>⋯ %Ln unveränderte Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Copy &amp;path</source>
        <translation>&amp;Pfad kopieren</translation>
    </message>
    <message>
        <source>Co&amp;mment…</source>
        <translation>K&amp;ommentar…</translation>
    </message>
    <message>
        <source>Not &amp;viewed</source>
        <translation>&amp;Nicht angesehen</translation>
    </message>
    <message>
        <source>&amp;Viewed</source>
        <translation>An&amp;gesehen</translation>
    </message>
    <message>
        <source>Show the &amp;whole file</source>
        <translation>Die &amp;ganze Datei zeigen</translation>
    </message>
    <message>
        <source>No test runs this line</source>
        <translation>Kein Test durchläuft diese Zeile</translation>
    </message>
    <message>
        <source>Differs in white space alone</source>
        <translation>Nur Leerraum anders</translation>
    </message>
    <message>
        <source>not covered</source>
        <translation>nicht abgedeckt</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>außerhalb</translation>
    </message>
    <message>
        <source>Viewed</source>
        <translation>Angesehen</translation>
    </message>
    <message>
        <source>%1: none</source>
        <translation>%1: keine</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln changed line(s). Press Enter or click to load.</source>
        <translation>
            <numerusform>%Ln geänderte Zeile. Eingabe oder Klick lädt sie.</numerusform>
            <numerusform>%Ln geänderte Zeilen. Eingabe oder Klick lädt sie.</numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be read: %1. Press Enter to try again.</source>
        <translation>Nicht lesbar: %1. Eingabe versucht es erneut.</translation>
    </message>
    <message numerus="yes">
        <source>%n not covered</source>
        <translation>
            <numerusform>%n nicht abgedeckt</numerusform>
            <numerusform>%n nicht abgedeckt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n or more not covered</source>
        <translation>
            <numerusform>mindestens %n nicht abgedeckt</numerusform>
            <numerusform>mindestens %n nicht abgedeckt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more line(s) downwards</source>
        <translation>
            <numerusform>%n weitere Zeile nach unten</numerusform>
            <numerusform>%n weitere Zeilen nach unten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more line(s) upwards</source>
        <translation>
            <numerusform>%n weitere Zeile nach oben</numerusform>
            <numerusform>%n weitere Zeilen nach oben</numerusform>
        </translation>
    </message>
    <message>
        <source>Open in &amp;editor</source>
        <translation>Im &amp;Editor öffnen</translation>
    </message>
</context>
<context>
    <name>openfactory::DiffPresenter</name>
    <message>
        <source>Renamed from %1</source>
        <translation>Umbenannt von %1</translation>
    </message>
    <message>
        <source>Copied from %1</source>
        <translation>Kopiert von %1</translation>
    </message>
    <message>
        <source>A symbolic link: the text is where it leads</source>
        <translation>Ein symbolischer Verweis: der Text ist sein Ziel</translation>
    </message>
    <message>
        <source>A submodule: the text is the commit it is at; what changed inside is not shown here</source>
        <translation>Ein Submodul: der Text ist der Commit, auf dem es steht; was sich darin änderte, wird hier nicht gezeigt</translation>
    </message>
    <message>
        <source>Mode changed from %1 to %2</source>
        <translation>Modus von %1 zu %2 geändert</translation>
    </message>
    <message>
        <source>: can now be executed</source>
        <translation>: ist jetzt ausführbar</translation>
    </message>
    <message>
        <source>A new file that can be executed</source>
        <translation>Eine neue ausführbare Datei</translation>
    </message>
    <message>
        <source>A pointer of Git LFS: the content itself is stored elsewhere and is not shown here</source>
        <translation>Ein Zeiger von Git LFS: der Inhalt selbst liegt anderswo und wird hier nicht gezeigt</translation>
    </message>
    <message>
        <source>A binary or very large file: its content is not shown as text</source>
        <translation>Eine binäre oder sehr große Datei: ihr Inhalt wird nicht als Text gezeigt</translation>
    </message>
    <message>
        <source>An empty file</source>
        <translation>Eine leere Datei</translation>
    </message>
    <message>
        <source>The content is the same</source>
        <translation>Der Inhalt ist gleich</translation>
    </message>
</context>
<context>
    <name>openfactory::DiffView</name>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>Tools for the changes</source>
        <translation>Werkzeuge der Änderungen</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Before and after beside one another; needs a wide window</source>
        <translation>Vorher und nachher nebeneinander; braucht ein breites Fenster</translation>
    </message>
    <message>
        <source>Ignore white space</source>
        <translation>Leerraum übergehen</translation>
    </message>
    <message>
        <source>Show lines that differ in white space alone as alike, with a sign</source>
        <translation>Zeilen, die nur im Leerraum abweichen, als gleich zeigen, mit einem Zeichen</translation>
    </message>
    <message>
        <source>Wrap</source>
        <translation>Umbrechen</translation>
    </message>
    <message>
        <source>Break long lines at the edge</source>
        <translation>Lange Zeilen am Rand umbrechen</translation>
    </message>
    <message>
        <source>Syntax</source>
        <translation>Syntax</translation>
    </message>
    <message>
        <source>Colours of the language</source>
        <translation>Farben der Sprache</translation>
    </message>
    <message>
        <source>Lines shown around a change</source>
        <translation>Zeilen um eine Änderung</translation>
    </message>
    <message>
        <source>3 lines around</source>
        <translation>3 Zeilen darum</translation>
    </message>
    <message>
        <source>20 lines around</source>
        <translation>20 Zeilen darum</translation>
    </message>
    <message>
        <source>Whole files</source>
        <translation>Ganze Dateien</translation>
    </message>
    <message>
        <source>Mark all viewed</source>
        <translation>Alle angesehen</translation>
    </message>
    <message>
        <source>Mark every file as viewed, or none where all are</source>
        <translation>Jede Datei als angesehen merken, oder keine, wo es alle sind</translation>
    </message>
    <message>
        <source>Filter the files</source>
        <translation>Die Dateien filtern</translation>
    </message>
    <message>
        <source>Filter files (/)</source>
        <translation>Dateien filtern (/)</translation>
    </message>
    <message>
        <source>Changed files</source>
        <translation>Geänderte Dateien</translation>
    </message>
    <message>
        <source>What should change here? Ctrl+Return adds the comment, Esc drops it.</source>
        <translation>Was soll hier anders werden? Strg+Eingabe fügt den Kommentar hinzu, Esc verwirft ihn.</translation>
    </message>
    <message>
        <source>&amp;Add comment</source>
        <translation>Kommentar &amp;hinzufügen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Comments</source>
        <translation>Kommentare</translation>
    </message>
    <message>
        <source>%1 of %2 viewed</source>
        <translation>%1 von %2 angesehen</translation>
    </message>
    <message>
        <source>Comment on %1, line %2%3</source>
        <translation>Kommentar zu %1, Zeile %2%3</translation>
    </message>
    <message>
        <source> (before the change)</source>
        <translation> (vor der Änderung)</translation>
    </message>
    <message>
        <source>Comment…</source>
        <translation>Kommentar…</translation>
    </message>
    <message>
        <source>Write a comment on the line of the cursor (C)</source>
        <translation>Einen Kommentar zur Zeile des Cursors schreiben (C)</translation>
    </message>
    <message>
        <source>Comment on this line</source>
        <translation>Kommentar zu dieser Zeile</translation>
    </message>
    <message>
        <source>Find in the change</source>
        <translation>In der Änderung suchen</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Enter goes to the line, F2 edits the comment, Delete removes it</source>
        <translation>Eingabe springt zur Zeile, F2 bearbeitet die Anmerkung, Entf entfernt sie</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>B&amp;earbeiten…</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) so far</source>
        <translation>
            <numerusform>bisher %n Zeile</numerusform>
            <numerusform>bisher %n Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>No match</source>
        <translation>Kein Treffer</translation>
    </message>
    <message>
        <source>line %1 of %2</source>
        <translation>Zeile %1 von %2</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) not loaded, not searched</source>
        <translation>
            <numerusform>%n Datei nicht geladen, nicht durchsucht</numerusform>
            <numerusform>%n Dateien nicht geladen, nicht durchsucht</numerusform>
        </translation>
    </message>
    <message>
        <source>The comment on %1, line %2%3</source>
        <translation>Die Anmerkung zu %1, Zeile %2%3</translation>
    </message>
    <message>
        <source>&amp;Save comment</source>
        <translation>Anmerkung &amp;sichern</translation>
    </message>
</context>
<context>
    <name>openfactory::LogOverview</name>
    <message>
        <source>Overview of matches, errors and marks</source>
        <translation>Übersicht der Treffer, Fehler und Marken</translation>
    </message>
    <message>
        <source>Left: matches. Middle: errors. Right: marks. Click to go there.</source>
        <translation>Links: Treffer. Mitte: Fehler. Rechts: Marken. Ein Klick führt hin.</translation>
    </message>
</context>
<context>
    <name>openfactory::LogPanel</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Log tools</source>
        <translation>Werkzeuge des Protokolls</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
    <message>
        <source>Stay at the end as the log grows (End)</source>
        <translation>Am Ende bleiben, während das Protokoll wächst (Ende)</translation>
    </message>
    <message>
        <source>Wrap</source>
        <translation>Umbrechen</translation>
    </message>
    <message>
        <source>Break long lines at the edge</source>
        <translation>Lange Zeilen am Rand umbrechen</translation>
    </message>
    <message>
        <source>Times: off</source>
        <translation>Zeiten: aus</translation>
    </message>
    <message>
        <source>Time of day, since the start, since the line before</source>
        <translation>Uhrzeit, seit dem Beginn, seit der Zeile davor</translation>
    </message>
    <message>
        <source>Times: of day</source>
        <translation>Zeiten: Uhrzeit</translation>
    </message>
    <message>
        <source>Times: since start</source>
        <translation>Zeiten: seit Beginn</translation>
    </message>
    <message>
        <source>Times: between</source>
        <translation>Zeiten: Abstand</translation>
    </message>
    <message>
        <source>Control characters</source>
        <translation>Steuerzeichen</translation>
    </message>
    <message>
        <source>Show carriage returns and erases instead of obeying them</source>
        <translation>Wagenrückläufe und Löschungen zeigen, statt sie auszuführen</translation>
    </message>
    <message>
        <source>Close folds</source>
        <translation>Zuklappen</translation>
    </message>
    <message>
        <source>Close or open the part of each command</source>
        <translation>Den Teil jedes Befehls zu- oder aufklappen</translation>
    </message>
    <message>
        <source>Open folds</source>
        <translation>Aufklappen</translation>
    </message>
    <message>
        <source>First error</source>
        <translation>Erster Fehler</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>List the lines that match below the log</source>
        <translation>Die Trefferzeilen unter dem Protokoll auflisten</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export the log</source>
        <translation>Protokoll exportieren</translation>
    </message>
    <message>
        <source>Find in the log</source>
        <translation>Im Protokoll suchen</translation>
    </message>
    <message>
        <source>Pa&amp;ttern</source>
        <translation>&amp;Muster</translation>
    </message>
    <message>
        <source>&amp;Case</source>
        <translation>&amp;Groß/klein</translation>
    </message>
    <message>
        <source>&amp;Word</source>
        <translation>&amp;Wort</translation>
    </message>
    <message>
        <source>Bad pattern: %1</source>
        <translation>Falsches Muster: %1</translation>
    </message>
    <message>
        <source>%1 so far, %2 %</source>
        <translation>bisher %1, %2 %</translation>
    </message>
    <message>
        <source>No match</source>
        <translation>Kein Treffer</translation>
    </message>
    <message>
        <source>%1 matches in %2 lines</source>
        <translation>%1 Treffer in %2 Zeilen</translation>
    </message>
    <message>
        <source>line %1 of %2 · %3 matches</source>
        <translation>Zeile %1 von %2 · %3 Treffer</translation>
    </message>
    <message>
        <source>Not exported: %1</source>
        <translation>Nicht exportiert: %1</translation>
    </message>
    <message>
        <source>Go to line</source>
        <translation>Zur Zeile gehen</translation>
    </message>
    <message>
        <source>Line, 1 to %1:</source>
        <translation>Zeile, 1 bis %1:</translation>
    </message>
    <message>
        <source>1 match</source>
        <translation>1 Treffer</translation>
    </message>
    <message>
        <source>%1 matches in 1 line</source>
        <translation>%1 Treffer in 1 Zeile</translation>
    </message>
    <message>
        <source>Go to the first line that tells of an error</source>
        <translation>Zur ersten Zeile, die von einem Fehler spricht</translation>
    </message>
    <message>
        <source>List the lines that tell of an error below the log</source>
        <translation>Die Zeilen, die von einem Fehler berichten, unter dem Protokoll auflisten</translation>
    </message>
    <message>
        <source>&amp;All</source>
        <translation>&amp;Alles</translation>
    </message>
    <message>
        <source>&amp;Matching lines</source>
        <translation>&amp;Trefferzeilen</translation>
    </message>
    <message>
        <source>&amp;Selected lines</source>
        <translation>Aus&amp;gewählte Zeilen</translation>
    </message>
    <message>
        <source>As &amp;text…</source>
        <translation>Als &amp;Text…</translation>
    </message>
    <message>
        <source>With &amp;colour codes…</source>
        <translation>Mit &amp;Farbcodes…</translation>
    </message>
    <message>
        <source>As an &amp;HTML page…</source>
        <translation>Als &amp;HTML-Seite…</translation>
    </message>
    <message>
        <source>Lines that tell of an error</source>
        <translation>Zeilen, die von einem Fehler berichten</translation>
    </message>
    <message>
        <source>Lines that match</source>
        <translation>Trefferzeilen</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>Fehler</translation>
    </message>
</context>
<context>
    <name>openfactory::LogView</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Lines that match</source>
        <translation>Zeilen mit Treffern</translation>
    </message>
    <message>
        <source>No log is chosen.</source>
        <translation>Kein Protokoll ist gewählt.</translation>
    </message>
    <message>
        <source>Reading the log…</source>
        <translation>Das Protokoll wird gelesen…</translation>
    </message>
    <message>
        <source>The log is missing; what the audit says of it remains.</source>
        <translation>Das Protokoll fehlt; was das Prüfbuch davon sagt, bleibt.</translation>
    </message>
    <message>
        <source>The log cannot be read: %1.</source>
        <translation>Das Protokoll ist nicht lesbar: %1.</translation>
    </message>
    <message>
        <source>No line matches.</source>
        <translation>Keine Zeile passt.</translation>
    </message>
    <message>
        <source>Nothing is searched for.</source>
        <translation>Nichts wird gesucht.</translation>
    </message>
    <message>
        <source>No output yet.</source>
        <translation>Noch keine Ausgabe.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln new line(s) ↓</source>
        <translation>
            <numerusform>%Ln neue Zeile ↓</numerusform>
            <numerusform>%Ln neue Zeilen ↓</numerusform>
        </translation>
    </message>
    <message>
        <source>Only the beginning was copied; export the rest.</source>
        <translation>Nur der Anfang wurde kopiert; den Rest exportieren.</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>&amp;Alles auswählen</translation>
    </message>
    <message>
        <source>Remove &amp;mark</source>
        <translation>&amp;Marke entfernen</translation>
    </message>
    <message>
        <source>&amp;Mark this line</source>
        <translation>Diese Zeile &amp;markieren</translation>
    </message>
    <message>
        <source>&amp;Go to the source</source>
        <translation>Zur &amp;Quelle gehen</translation>
    </message>
    <message>
        <source>Next &amp;error</source>
        <translation>Nächster &amp;Fehler</translation>
    </message>
    <message>
        <source>Written to the error output</source>
        <translation>In die Fehlerausgabe geschrieben</translation>
    </message>
    <message>
        <source>Written by OpenFactory</source>
        <translation>Von OpenFactory geschrieben</translation>
    </message>
    <message>
        <source>A part of this line was overwritten, as on a terminal. “Control characters” shows all of it.</source>
        <translation>Ein Teil dieser Zeile wurde überschrieben, wie auf einem Terminal. „Steuerzeichen“ zeigt alles.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln line(s)</source>
        <translation>
            <numerusform>%Ln Zeile</numerusform>
            <numerusform>%Ln Zeilen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln error(s)</source>
        <translation>
            <numerusform>%Ln Fehler</numerusform>
            <numerusform>%Ln Fehler</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln matching line(s)</source>
        <translation>
            <numerusform>%Ln Trefferzeile</numerusform>
            <numerusform>%Ln Trefferzeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>No line tells of an error.</source>
        <translation>Keine Zeile berichtet von einem Fehler.</translation>
    </message>
    <message>
        <source>Looking for errors…</source>
        <translation>Fehler werden gesucht…</translation>
    </message>
    <message>
        <source>Copy &amp;link to this line</source>
        <translation>&amp;Link zu dieser Zeile kopieren</translation>
    </message>
</context>
<context>
    <name>openfactory::Notifier</name>
    <message>
        <source>OpenFactory</source>
        <translation>OpenFactory</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Zeigen</translation>
    </message>
    <message>
        <source>&amp;Quit…</source>
        <translation>&amp;Beenden…</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) need you</source>
        <translation>
            <numerusform>%n Auftrag braucht Sie</numerusform>
            <numerusform>%n Aufträge brauchen Sie</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing waits for you</source>
        <translation>Nichts wartet auf Sie</translation>
    </message>
    <message>
        <source>Review…</source>
        <translation>Ansehen…</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
</context>
<context>
    <name>openfactory::SafeDocument</name>
    <message>
        <source>[image, not loaded: %1 %2]</source>
        <translation>[Bild, nicht geladen: %1 %2]</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::ArtifactView</name>
    <message>
        <source>Content of the artifact</source>
        <translation>Inhalt des Artefakts</translation>
    </message>
    <message>
        <source>It cannot be read. %1</source>
        <translation>Es ist nicht lesbar. %1</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::AttemptTree</name>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Attempt %1</source>
        <translation>Versuch %1</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>exit code %1</source>
        <translation>Rückgabewert %1</translation>
    </message>
    <message>
        <source>Author: %1</source>
        <translation>Autor: %1</translation>
    </message>
    <message>
        <source>Waited %1 before it began</source>
        <translation>Wartete %1, bevor er begann</translation>
    </message>
    <message>
        <source>The job took as long as this did: what ran beside it ended sooner</source>
        <translation>So lange wie er dauerte der Auftrag: Was daneben lief, endete eher</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::BannerStack</name>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) need you</source>
        <translation>
            <numerusform>%n Auftrag braucht Sie</numerusform>
            <numerusform>%n Aufträge brauchen Sie</numerusform>
        </translation>
    </message>
    <message>
        <source>Show all…</source>
        <translation>Alle zeigen…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::ChangesPane</name>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>No change yet</source>
        <translation>Noch keine Änderung</translation>
    </message>
    <message>
        <source>Reading the change…</source>
        <translation>Die Änderung wird gelesen…</translation>
    </message>
    <message>
        <source>The change cannot be read. %1</source>
        <translation>Die Änderung ist nicht lesbar. %1</translation>
    </message>
    <message>
        <source>&amp;Back to the change</source>
        <translation>&amp;Zurück zur Änderung</translation>
    </message>
    <message>
        <source>Both hold the same content</source>
        <translation>Beide haben denselben Inhalt</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::CheckActs</name>
    <message>
        <source>Run &amp;again</source>
        <translation>&amp;Noch einmal laufen lassen</translation>
    </message>
    <message>
        <source>Cancel the chec&amp;k</source>
        <translation>&amp;Prüfung abbrechen</translation>
    </message>
    <message>
        <source>Acts on the check</source>
        <translation>Was mit der Prüfung geschehen kann</translation>
    </message>
    <message>
        <source>No check is chosen.</source>
        <translation>Keine Prüfung ist gewählt.</translation>
    </message>
    <message>
        <source>The job then waits for %1 again.</source>
        <translation>Der Auftrag wartet dann wieder auf %1.</translation>
    </message>
    <message>
        <source>Cancelled, the job ends as “CI failed” until it is run again.</source>
        <translation>Abgebrochen endet der Auftrag als „CI fehlgeschlagen“, bis sie noch einmal läuft.</translation>
    </message>
    <message>
        <source>The job is over.</source>
        <translation>Der Auftrag ist beendet.</translation>
    </message>
    <message>
        <source>Possible while the job waits for its checks.</source>
        <translation>Möglich, solange der Auftrag auf seine Prüfungen wartet.</translation>
    </message>
    <message>
        <source>&amp;Open the pull request</source>
        <translation>Pull Request &amp;öffnen</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::CiPane</name>
    <message>
        <source>Checks of the pushed commit</source>
        <translation>Prüfungen des übertragenen Commits</translation>
    </message>
    <message>
        <source>What failed on the forge, by attempt</source>
        <translation>Was auf der Schmiede misslang, nach Versuch</translation>
    </message>
    <message>
        <source>No pull request yet: it is opened once the gates before it have passed.</source>
        <translation>Noch kein Pull Request: er wird eröffnet, sobald die Stufen davor bestanden sind.</translation>
    </message>
    <message>
        <source>This job&apos;s pipeline has no pull request: it is judged by its own gates, here.</source>
        <translation>Der Ablauf dieses Auftrags hat keinen Pull Request: ihn prüfen die eigenen Stufen, hier.</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::CoachMarks</name>
    <message>
        <source>Leave the hints</source>
        <translation>Hinweise verlassen</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Got it</source>
        <translation>Verstanden</translation>
    </message>
    <message>
        <source>Next hint</source>
        <translation>Nächster Hinweis</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::DataPane</name>
    <message>
        <source>Store</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>jobs, attempts, events, the audit log</source>
        <translation>Aufträge, Versuche, Ereignisse, das Prüfbuch</translation>
    </message>
    <message>
        <source>Copies of the store</source>
        <translation>Kopien des Speichers</translation>
    </message>
    <message>
        <source>made before it was changed</source>
        <translation>gemacht, bevor er geändert wurde</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>Protokolle</translation>
    </message>
    <message>
        <source>every line of every command</source>
        <translation>jede Zeile jedes Befehls</translation>
    </message>
    <message>
        <source>Caches of jobs</source>
        <translation>Zwischenspeicher von Aufträgen</translation>
    </message>
    <message>
        <source>what their tools keep in their homes</source>
        <translation>was ihre Werkzeuge sich merken</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>reports, documents and artifacts of jobs</source>
        <translation>Berichte, Dokumente und Artefakte von Aufträgen</translation>
    </message>
    <message>
        <source>Local forge</source>
        <translation>Lokale Forge</translation>
    </message>
    <message>
        <source>its repositories and the logs of its CI</source>
        <translation>ihre Repositorys und die Protokolle ihrer CI</translation>
    </message>
    <message>
        <source>Demo</source>
        <translation>Vorführung</translation>
    </message>
    <message>
        <source>its banner removes it</source>
        <translation>ihr Streifen entfernt sie</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>Weitere</translation>
    </message>
    <message>
        <source>settings, secrets, the reserve, locks</source>
        <translation>Einstellungen, Geheimnisse, die Reserve, Sperren</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>On the disk</source>
        <translation>Auf der Platte</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Was es ist</translation>
    </message>
    <message>
        <source>Parts of the data directory</source>
        <translation>Teile des Datenverzeichnisses</translation>
    </message>
    <message>
        <source>Mea&amp;sure again</source>
        <translation>Neu &amp;messen</translation>
    </message>
    <message>
        <source>Save a copy of the &amp;store…</source>
        <translation>Kopie des &amp;Speichers sichern…</translation>
    </message>
    <message>
        <source>Data directory</source>
        <translation>Datenverzeichnis</translation>
    </message>
    <message>
        <source>Open the data &amp;directory</source>
        <translation>&amp;Datenverzeichnis öffnen</translation>
    </message>
    <message>
        <source>Workspaces and the commits of attempts lie in the repositories, and are not counted here. A copy of the store holds what was done and decided, as it is at one moment; logs and artifacts are files beside it.</source>
        <translation>Arbeitsordner und die Commits der Versuche liegen in den Repositorys und sind hier nicht mitgezählt. Eine Kopie des Speichers enthält, was getan und entschieden wurde, wie es in einem Augenblick ist; Protokolle und Artefakte sind Dateien daneben.</translation>
    </message>
    <message>
        <source>Save a copy of the store</source>
        <translation>Kopie des Speichers sichern</translation>
    </message>
    <message>
        <source>Counting every file…</source>
        <translation>Alle Dateien werden gezählt…</translation>
    </message>
    <message>
        <source>Not measured. %1</source>
        <translation>Nicht gemessen. %1</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>%1 in all; free on this disk: %2</source>
        <translation>%1 im Ganzen; frei auf dieser Platte: %2</translation>
    </message>
    <message>
        <source>Writing %1…</source>
        <translation>%1 wird geschrieben…</translation>
    </message>
    <message>
        <source>The store was copied to %1</source>
        <translation>Der Speicher wurde nach %1 kopiert</translation>
    </message>
    <message>
        <source>No copy was written. %1</source>
        <translation>Es wurde keine Kopie geschrieben. %1</translation>
    </message>
    <message>
        <source>&amp;Remove idle caches…</source>
        <translation>&amp;Ungenutzte Caches entfernen…</translation>
    </message>
    <message>
        <source>Of jobs that are done, cancelled or rolled back</source>
        <translation>Von Aufträgen, die erledigt, abgebrochen oder zurückgerollt sind</translation>
    </message>
    <message>
        <source>Counting the caches of jobs that are over…</source>
        <translation>Die Caches beendeter Aufträge werden gezählt…</translation>
    </message>
    <message>
        <source>Not counted. %1</source>
        <translation>Nicht gezählt. %1</translation>
    </message>
    <message>
        <source>No job that is over has caches.</source>
        <translation>Kein beendeter Auftrag hat Caches.</translation>
    </message>
    <message>
        <source>Remove the caches?</source>
        <translation>Die Caches entfernen?</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) that are over keep caches of their tools.</source>
        <translation>
            <numerusform>%n beendeter Auftrag hält Caches seiner Werkzeuge.</numerusform>
            <numerusform>%n beendete Aufträge halten Caches ihrer Werkzeuge.</numerusform>
        </translation>
    </message>
    <message>
        <source>They hold %1. Logs, reports, artifacts and the record stay, as do the caches of jobs that can still be run.</source>
        <translation>Sie belegen %1. Protokolle, Berichte, Artefakte und die Aufzeichnung bleiben, ebenso die Caches von Aufträgen, die noch laufen können.</translation>
    </message>
    <message>
        <source>Remove them</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Removing the caches…</source>
        <translation>Die Caches werden entfernt…</translation>
    </message>
    <message>
        <source>Not all were removed. %1</source>
        <translation>Nicht alle wurden entfernt. %1</translation>
    </message>
    <message>
        <source>%1 were freed.</source>
        <translation>%1 wurden frei.</translation>
    </message>
    <message>
        <source>%1 Some could not be removed, the first below %2</source>
        <translation>%1 Einiges ließ sich nicht entfernen, das erste unter %2</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::DoctorPane</name>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Was gefunden wurde</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>&amp;Look again</source>
        <translation>&amp;Erneut nachsehen</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>What this host has</source>
        <translation>Was dieser Rechner hat</translation>
    </message>
    <message>
        <source>Looking at this host…</source>
        <translation>Der Rechner wird untersucht…</translation>
    </message>
    <message>
        <source>Everything that jobs need is here.</source>
        <translation>Alles, was Aufträge brauchen, ist da.</translation>
    </message>
    <message numerus="yes">
        <source>%n thing(s) that jobs need are missing.</source>
        <translation>
            <numerusform>Eines, was Aufträge brauchen, fehlt.</numerusform>
            <numerusform>%n Dinge, die Aufträge brauchen, fehlen.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::DocumentReview</name>
    <message>
        <source>The document</source>
        <translation>Das Dokument</translation>
    </message>
    <message>
        <source>The document, to be edited</source>
        <translation>Das Dokument, zum Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Accept the spec</source>
        <translation>Spezifikation &amp;annehmen</translation>
    </message>
    <message>
        <source>Ed&amp;it…</source>
        <translation>&amp;Bearbeiten…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;Drop my edits</source>
        <translation>Änderungen &amp;verwerfen</translation>
    </message>
    <message>
        <source>Go on ed&amp;iting…</source>
        <translation>Weiter&amp;bearbeiten…</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::Editor</name>
    <message>
        <source>use the editor command &quot;%1&quot;</source>
        <translation>den Editorbefehl „%1“ verwenden</translation>
    </message>
    <message>
        <source>a quotation mark is open</source>
        <translation>ein Anführungszeichen ist offen</translation>
    </message>
    <message>
        <source>set it in the settings of the console</source>
        <translation>in den Einstellungen der Konsole ändern</translation>
    </message>
    <message>
        <source>it does not say where the file belongs: {file}</source>
        <translation>er sagt nicht, wohin die Datei gehört: {file}</translation>
    </message>
    <message>
        <source>set it in the settings of the console, for example to kate --line {line} {file}</source>
        <translation>in den Einstellungen der Konsole ändern, zum Beispiel in kate --line {line} {file}</translation>
    </message>
    <message>
        <source>open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>the job has no workspace any more</source>
        <translation>der Auftrag hat keinen Arbeitsordner mehr</translation>
    </message>
    <message>
        <source>there is no such file in the job&apos;s workspace</source>
        <translation>im Arbeitsordner des Auftrags gibt es keine solche Datei</translation>
    </message>
    <message>
        <source>the changes show it as it was</source>
        <translation>die Änderungen zeigen sie, wie sie war</translation>
    </message>
    <message>
        <source>it lies outside of the job&apos;s workspace</source>
        <translation>sie liegt außerhalb des Arbeitsordners</translation>
    </message>
    <message>
        <source>no editor is set, and none that is known is installed</source>
        <translation>kein Editor ist gesetzt, und kein bekannter ist installiert</translation>
    </message>
    <message>
        <source>set one in the settings of the console</source>
        <translation>einen in den Einstellungen der Konsole setzen</translation>
    </message>
    <message>
        <source>%1 could not be started</source>
        <translation>%1 ließ sich nicht starten</translation>
    </message>
    <message>
        <source>set another editor in the settings of the console</source>
        <translation>einen anderen Editor in den Einstellungen der Konsole setzen</translation>
    </message>
    <message>
        <source>%1 is opened with %2</source>
        <translation>%1 wird mit %2 geöffnet</translation>
    </message>
    <message>
        <source>%1 is opened in %2</source>
        <translation>%1 ist in %2 geöffnet</translation>
    </message>
    <message>
        <source>open a terminal in %1</source>
        <translation>ein Terminal in %1 öffnen</translation>
    </message>
    <message>
        <source>no terminal that is known is installed</source>
        <translation>kein bekanntes Terminal ist installiert</translation>
    </message>
    <message>
        <source>name one in the environment variable TERMINAL</source>
        <translation>eines in der Umgebungsvariablen TERMINAL nennen</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::EngineSettingsPane</name>
    <message>
        <source>Find a setting</source>
        <translation>Einstellung suchen</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>D&amp;iscard</source>
        <translation>&amp;Verwerfen</translation>
    </message>
    <message>
        <source>Settings of the engine</source>
        <translation>Einstellungen der Maschine</translation>
    </message>
    <message>
        <source>Kept in %1 and read at the start: the console and each worker take up what is saved here when they start the next time.</source>
        <translation>Steht in %1 und wird beim Start gelesen: die Konsole und jeder Arbeiter richten sich beim nächsten Start nach dem, was hier gespeichert wird.</translation>
    </message>
    <message>
        <source>Restore default</source>
        <translation>Voreinstellung</translation>
    </message>
    <message>
        <source>Restore the default of %1</source>
        <translation>Voreinstellung wiederherstellen: %1</translation>
    </message>
    <message>
        <source>on</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>Turn the sandbox off?</source>
        <translation>Die Sandbox ausschalten?</translation>
    </message>
    <message>
        <source>Turn it off and save</source>
        <translation>Ausschalten und speichern</translation>
    </message>
    <message>
        <source>Keep editing</source>
        <translation>Weiter bearbeiten</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::ExportDialog</name>
    <message>
        <source>An &amp;archive (tar)</source>
        <translation>Ein &amp;Archiv (tar)</translation>
    </message>
    <message>
        <source>One &amp;HTML page</source>
        <translation>Eine &amp;HTML-Seite</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>&amp;Cancel the export</source>
        <translation>Export &amp;abbrechen</translation>
    </message>
    <message>
        <source>&amp;Open the folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>%1 exportieren</translation>
    </message>
    <message>
        <source>Everything: the record, the contract, every change, every log in full, the artifacts and the audit entries.</source>
        <translation>Alles: die Akte, der Vertrag, jede Änderung, jedes Protokoll in voller Länge, die Artefakte und die Prüfbucheinträge.</translation>
    </message>
    <message>
        <source>To read in a browser or to send: nothing is loaded from elsewhere, and of long logs only the end is in it.</source>
        <translation>Zum Lesen im Browser oder zum Verschicken: nichts wird von anderswo geladen, und von langen Protokollen ist nur das Ende darin.</translation>
    </message>
    <message>
        <source>Exported to %1 (%2)</source>
        <translation>Exportiert nach %1 (%2)</translation>
    </message>
    <message>
        <source>Cancelled; nothing was written.</source>
        <translation>Abgebrochen; nichts wurde geschrieben.</translation>
    </message>
    <message>
        <source>Nothing was written to %1. %2</source>
        <translation>Nach %1 wurde nichts geschrieben. %2</translation>
    </message>
    <message>
        <source>Choose a &amp;file and export…</source>
        <translation>&amp;Datei wählen und exportieren…</translation>
    </message>
    <message>
        <source>Choose another &amp;file…</source>
        <translation>Andere &amp;Datei wählen…</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>Writing %1</source>
        <translation>%1 wird geschrieben</translation>
    </message>
    <message>
        <source>An &amp;archive for each (tar)</source>
        <translation>Je ein &amp;Archiv (tar)</translation>
    </message>
    <message>
        <source>An &amp;HTML page for each</source>
        <translation>Je eine &amp;HTML-Seite</translation>
    </message>
    <message numerus="yes">
        <source>Export %n job(s)</source>
        <translation>
            <numerusform>%n Auftrag exportieren</numerusform>
            <numerusform>%n Aufträge exportieren</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Choose a &amp;folder and export…</source>
        <translation>&amp;Ordner wählen und exportieren…</translation>
    </message>
    <message>
        <source>Choose another &amp;folder…</source>
        <translation>Anderen &amp;Ordner wählen…</translation>
    </message>
    <message>
        <source>Writing %1 of %2: %3</source>
        <translation>%1 von %2 wird geschrieben: %3</translation>
    </message>
    <message>
        <source>Cancelled; %1 of %2 jobs were written to %3, each of them whole.</source>
        <translation>Abgebrochen; %1 von %2 Aufträgen wurden nach %3 geschrieben, jeder davon vollständig.</translation>
    </message>
    <message numerus="yes">
        <source>Exported %n job(s) to %1</source>
        <translation>
            <numerusform>%n Auftrag nach %1 exportiert</numerusform>
            <numerusform>%n Aufträge nach %1 exportiert</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 jobs were written to %3.</source>
        <translation>%1 von %2 Aufträgen wurden nach %3 geschrieben.</translation>
    </message>
    <message>
        <source>&amp;Findings (SARIF)</source>
        <translation>&amp;Befunde (SARIF)</translation>
    </message>
    <message>
        <source>What the newest attempts found, for editors and code scanning.</source>
        <translation>Was die neuesten Versuche fanden, für Editoren und Code-Prüfungen.</translation>
    </message>
    <message>
        <source>Findings as a &amp;task list</source>
        <translation>Befunde als Au&amp;fgabenliste</translation>
    </message>
    <message>
        <source>The same, as Qt Creator reads it.</source>
        <translation>Dasselbe, wie Qt Creator es liest.</translation>
    </message>
    <message>
        <source>Secrets are masked in all of them.</source>
        <translation>Geheimnisse sind in allen unkenntlich.</translation>
    </message>
    <message>
        <source>HTML pages</source>
        <translation>HTML-Seiten</translation>
    </message>
    <message>
        <source>Archives</source>
        <translation>Archive</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::FindBar</name>
    <message>
        <source>Looked for before</source>
        <translation>Früher gesucht</translation>
    </message>
    <message>
        <source>F&amp;ind:</source>
        <translation>S&amp;uchen:</translation>
    </message>
    <message>
        <source>Previous match</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Close and end the search (Esc)</source>
        <translation>Schließen und die Suche beenden (Esc)</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::GateDialog</name>
    <message>
        <source>Gate</source>
        <translation>Entscheidung</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::GateFrame</name>
    <message>
        <source>Gate</source>
        <translation>Entscheidung</translation>
    </message>
    <message>
        <source>&amp;Reload evidence</source>
        <translation>Belege neu &amp;laden</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Belege</translation>
    </message>
    <message>
        <source>Open &amp;job</source>
        <translation>A&amp;uftrag öffnen</translation>
    </message>
    <message>
        <source>View c&amp;ontract…</source>
        <translation>&amp;Vertrag ansehen…</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>Entscheidung</translation>
    </message>
    <message>
        <source>&amp;Approve</source>
        <translation>&amp;Zustimmen</translation>
    </message>
    <message>
        <source>Request &amp;changes</source>
        <translation>Än&amp;derungen verlangen</translation>
    </message>
    <message>
        <source>&amp;Reject</source>
        <translation>Ab&amp;lehnen</translation>
    </message>
    <message>
        <source>Risks, each accepted by name:</source>
        <translation>Risiken, jedes einzeln anzunehmen:</translation>
    </message>
    <message>
        <source>Co&amp;mment</source>
        <translation>K&amp;ommentar</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Kommentar</translation>
    </message>
    <message numerus="yes">
        <source>Why; at least %n characters where a risk is accepted or the change goes back</source>
        <translation>
            <numerusform>Warum; mindestens %n Zeichen, wo ein Risiko angenommen wird oder die Änderung zurückgeht</numerusform>
            <numerusform>Warum; mindestens %n Zeichen, wo ein Risiko angenommen wird oder die Änderung zurückgeht</numerusform>
        </translation>
    </message>
    <message>
        <source>Submit</source>
        <translation>Abschicken</translation>
    </message>
    <message>
        <source>Ctrl+Return</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>&amp;Undo: take the decision back</source>
        <translation>&amp;Rückgängig: Entscheidung zurücknehmen</translation>
    </message>
    <message>
        <source>What you can do</source>
        <translation>Was Sie tun können</translation>
    </message>
    <message>
        <source>Open the &amp;workspace</source>
        <translation>Arbeits&amp;ordner öffnen</translation>
    </message>
    <message>
        <source>I am &amp;done: go on</source>
        <translation>Ich bin &amp;fertig: weiter</translation>
    </message>
    <message>
        <source>&amp;Try again from the start</source>
        <translation>&amp;Von vorn versuchen</translation>
    </message>
    <message>
        <source>&amp;Archive the job</source>
        <translation>Auftrag &amp;ablegen</translation>
    </message>
    <message>
        <source>&amp;End the job</source>
        <translation>Auftrag be&amp;enden</translation>
    </message>
    <message>
        <source>Reading the evidence…</source>
        <translation>Die Belege werden gelesen…</translation>
    </message>
    <message>
        <source>The change has to come back inside the contract. Nothing that was made is lost.</source>
        <translation>Die Änderung muss in den Vertrag zurück. Nichts, was gemacht wurde, geht verloren.</translation>
    </message>
    <message>
        <source>Make the change in the workspace, save it, then go on. What does not pass is taken back and kept.</source>
        <translation>Die Änderung im Arbeitsordner machen, sichern, dann weiter. Was nicht besteht, wird zurückgenommen und aufbewahrt.</translation>
    </message>
    <message>
        <source>%1: %2, %3</source>
        <translation>%1: %2, %3</translation>
    </message>
    <message>
        <source>Earlier decisions</source>
        <translation>Frühere Entscheide</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>%1 zeigen</translation>
    </message>
    <message>
        <source>Boundary</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>I accept: %1</source>
        <translation>Ich nehme an: %1</translation>
    </message>
    <message>
        <source>I accept the risk %1: %2</source>
        <translation>Ich nehme das Risiko %1 an: %2</translation>
    </message>
    <message>
        <source>The evidence is stale: %1</source>
        <translation>Die Belege sind veraltet: %1</translation>
    </message>
    <message>
        <source>Approve</source>
        <translation>Zustimmen</translation>
    </message>
    <message>
        <source>Request changes</source>
        <translation>Änderungen verlangen</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Fold the change</source>
        <translation>Änderung zuklappen</translation>
    </message>
    <message>
        <source>Review here</source>
        <translation>Hier durchsehen</translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation>Ihre Antwort</translation>
    </message>
    <message>
        <source>Send the a&amp;nswer</source>
        <translation>A&amp;ntwort senden</translation>
    </message>
    <message>
        <source>The author asks once, before the spec is frozen. Without an answer it states assumptions instead.</source>
        <translation>Der Autor fragt einmal, bevor die Spezifikation festliegt. Ohne Antwort nennt er stattdessen Annahmen.</translation>
    </message>
    <message>
        <source>&amp;Go on without an answer</source>
        <translation>Ohne Antwort &amp;weiter</translation>
    </message>
    <message>
        <source>Write the document, save it, then go on: it is judged before anything is planned on it.</source>
        <translation>Schreiben Sie das Dokument, speichern Sie es und machen Sie dann weiter: Es wird geprüft, bevor darauf geplant wird.</translation>
    </message>
    <message>
        <source>The author wrote this spec. Edit it until it says what you want, then accept it: nothing is planned before.</source>
        <translation>Der Autor hat diese Spezifikation geschrieben. Bearbeiten Sie sie, bis sie sagt, was Sie wollen, und nehmen Sie sie dann an: Vorher wird nichts geplant.</translation>
    </message>
    <message>
        <source>Enter opens the place of a finding, Shift+Enter the log of its attempt</source>
        <translation>Eingabe öffnet die Stelle eines Befunds, Umschalt+Eingabe das Protokoll seines Versuchs</translation>
    </message>
    <message>
        <source>Show in the log</source>
        <translation>Im Protokoll zeigen</translation>
    </message>
    <message>
        <source>Risks</source>
        <translation>Risiken</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::GatePage</name>
    <message>
        <source>Gate</source>
        <translation>Entscheidung</translation>
    </message>
    <message>
        <source>Contract of the job</source>
        <translation>Vertrag des Auftrags</translation>
    </message>
    <message>
        <source>Your unfinished comment is back</source>
        <translation>Ihr unfertiger Kommentar ist wieder da</translation>
    </message>
    <message>
        <source>Your remarks on the change are in the comment</source>
        <translation>Ihre Anmerkungen zur Änderung stehen im Kommentar</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::GatePresenter</name>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Already decided by %1 at %2: %3</source>
        <translation>Schon entschieden von %1 um %2: %3</translation>
    </message>
    <message>
        <source>The job does not wait at this gate any more; it is %1</source>
        <translation>Der Auftrag wartet hier nicht mehr; er ist: %1</translation>
    </message>
    <message>
        <source>%1/%2</source>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>Merge %1 into %2</source>
        <translation>%1 in %2 übernehmen</translation>
    </message>
    <message>
        <source>%1 is blocked by its contract</source>
        <translation>%1 ist von seinem Vertrag gesperrt</translation>
    </message>
    <message>
        <source>Make a change for %1</source>
        <translation>Eine Änderung für %1 machen</translation>
    </message>
    <message>
        <source>Resolve a conflict of %1 with %2</source>
        <translation>Einen Konflikt von %1 mit %2 lösen</translation>
    </message>
    <message>
        <source>Answer a question about %1</source>
        <translation>Eine Frage zu %1 beantworten</translation>
    </message>
    <message>
        <source>%1 waits for no decision</source>
        <translation>%1 wartet auf keine Entscheidung</translation>
    </message>
    <message>
        <source>It waits for %1</source>
        <translation>Es wartet auf: %1</translation>
    </message>
    <message>
        <source>Boundary: %1</source>
        <translation>Grenze: %1</translation>
    </message>
    <message>
        <source>%1. No approval can override this.</source>
        <translation>%1. Keine Zustimmung setzt das außer Kraft.</translation>
    </message>
    <message>
        <source>Merge commit on %1, made by the engine; the target moves by compare-and-set</source>
        <translation>Merge-Commit auf %1, von der Maschine gemacht; das Ziel bewegt sich durch Vergleichen und Setzen</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Taken back by reverting the merge commit. The worktree and every attempt stay.</source>
        <translation>Zurück geht es durch Umkehren des Merge-Commits. Arbeitsordner und alle Versuche bleiben.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Risk</source>
        <translation>Risiko</translation>
    </message>
    <message>
        <source>No risk is open</source>
        <translation>Kein Risiko ist offen</translation>
    </message>
    <message numerus="yes">
        <source>%n risk(s) to accept</source>
        <translation>
            <numerusform>%n Risiko anzunehmen</numerusform>
            <numerusform>%n Risiken anzunehmen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n Datei</numerusform>
            <numerusform>%n Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>%1, +%2 −%3, inside the contract</source>
        <translation>%1, +%2 −%3, innerhalb des Vertrags</translation>
    </message>
    <message>
        <source>Not measured</source>
        <translation>Nicht gemessen</translation>
    </message>
    <message>
        <source>Tests</source>
        <translation>Tests</translation>
    </message>
    <message>
        <source>%1 % of the changed lines</source>
        <translation>%1 % der geänderten Zeilen</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>Abdeckung</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>CI</source>
        <translation>CI</translation>
    </message>
    <message>
        <source>No required check: this pipeline merges locally</source>
        <translation>Keine verlangte Prüfung: diese Pipeline übernimmt lokal</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>%1 attempts, %2 taken back</source>
        <translation>%1 Versuche, %2 zurückgenommen</translation>
    </message>
    <message>
        <source>%1 by %2, %3</source>
        <translation>%1 von %2, %3</translation>
    </message>
    <message>
        <source>Earlier decisions</source>
        <translation>Frühere Entscheide</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1, no limit</source>
        <translation>%1, ohne Grenze</translation>
    </message>
    <message>
        <source>Changed lines</source>
        <translation>Geänderte Zeilen</translation>
    </message>
    <message>
        <source>New dependencies</source>
        <translation>Neue Abhängigkeiten</translation>
    </message>
    <message>
        <source>%1, none allowed</source>
        <translation>%1, keine erlaubt</translation>
    </message>
    <message>
        <source>%1 %, required %2 %</source>
        <translation>%1 %, verlangt %2 %</translation>
    </message>
    <message>
        <source>The evidence is being read</source>
        <translation>Die Belege werden gelesen</translation>
    </message>
    <message>
        <source>The decision was submitted</source>
        <translation>Die Entscheidung ist abgeschickt</translation>
    </message>
    <message>
        <source>The evidence is stale: %1</source>
        <translation>Die Belege sind veraltet: %1</translation>
    </message>
    <message>
        <source>There is nothing to decide</source>
        <translation>Es gibt nichts zu entscheiden</translation>
    </message>
    <message>
        <source>Choose Approve, Request changes or Reject</source>
        <translation>Zustimmen, Änderungen verlangen oder Ablehnen wählen</translation>
    </message>
    <message>
        <source>Accept each risk first: %1</source>
        <translation>Erst jedes Risiko annehmen: %1</translation>
    </message>
    <message numerus="yes">
        <source>Say why the risk may be accepted (%n more character(s))</source>
        <translation>
            <numerusform>Sagen, warum das Risiko annehmbar ist (noch %n Zeichen)</numerusform>
            <numerusform>Sagen, warum das Risiko annehmbar ist (noch %n Zeichen)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Say what has to change (%n more character(s))</source>
        <translation>
            <numerusform>Sagen, was zu ändern ist (noch %n Zeichen)</numerusform>
            <numerusform>Sagen, was zu ändern ist (noch %n Zeichen)</numerusform>
        </translation>
    </message>
    <message>
        <source>the change</source>
        <translation>die Änderung</translation>
    </message>
    <message>
        <source>Approving %1 at %2</source>
        <translation>Zustimmung zu %1 bei %2</translation>
    </message>
    <message>
        <source>Approving %1 at %2, accepting %3</source>
        <translation>Zustimmung zu %1 bei %2, angenommen: %3</translation>
    </message>
    <message>
        <source>Asking the author for another change, from %1</source>
        <translation>Vom Autor eine weitere Änderung verlangen, ab %1</translation>
    </message>
    <message>
        <source>Rejecting the change at %1; the job ends</source>
        <translation>Die Änderung bei %1 ablehnen; der Auftrag endet</translation>
    </message>
    <message>
        <source>Approved; the engine merges it now</source>
        <translation>Zugestimmt; die Maschine übernimmt sie jetzt</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Changes requested</source>
        <translation>Änderungen verlangt</translation>
    </message>
    <message>
        <source>The engine looks at the change now</source>
        <translation>Die Maschine sieht die Änderung jetzt an</translation>
    </message>
    <message>
        <source>Queued again from the start</source>
        <translation>Von vorn wieder eingereiht</translation>
    </message>
    <message>
        <source>Archived; its worktree and every attempt stay</source>
        <translation>Abgelegt; Arbeitsordner und alle Versuche bleiben</translation>
    </message>
    <message>
        <source>Cancelled; its worktree stays</source>
        <translation>Abgebrochen; der Arbeitsordner bleibt</translation>
    </message>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n Fehler</numerusform>
            <numerusform>%n Fehler</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s) and note(s)</source>
        <translation>
            <numerusform>%n Warnung oder Hinweis</numerusform>
            <numerusform>%n Warnungen und Hinweise</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose Request changes or Reject</source>
        <translation>„Änderungen verlangen“ oder „Ablehnen“ wählen</translation>
    </message>
    <message>
        <source>%1 of %2 viewed</source>
        <translation>%1 von %2 angesehen</translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 und %n weitere</numerusform>
            <numerusform>%1 und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>Look at what a text does not show first (mode, link, binary content): %1</source>
        <translation>Zuerst ansehen, was ein Text nicht zeigt (Modus, Verweis, binärer Inhalt): %1</translation>
    </message>
    <message>
        <source>Pull request %1, %2</source>
        <translation>Pull Request %1, %2</translation>
    </message>
    <message>
        <source>Answered: the job goes on</source>
        <translation>Beantwortet: der Auftrag geht weiter</translation>
    </message>
    <message>
        <source>Accept the spec of %1</source>
        <translation>Die Spezifikation von %1 annehmen</translation>
    </message>
    <message>
        <source>Write the spec of %1</source>
        <translation>Die Spezifikation von %1 schreiben</translation>
    </message>
    <message>
        <source>Write the architecture of %1</source>
        <translation>Die Architektur von %1 schreiben</translation>
    </message>
    <message>
        <source>Write the tickets of %1</source>
        <translation>Die Tickets von %1 schreiben</translation>
    </message>
    <message>
        <source>Its hash goes into every later decision: what is accepted here is what the change is held against.</source>
        <translation>Ihre Prüfsumme geht in jede spätere Entscheidung ein: An dem, was hier angenommen wird, wird die Änderung gemessen.</translation>
    </message>
    <message>
        <source>Accepted: the job freezes this spec and goes on</source>
        <translation>Angenommen: Der Auftrag friert diese Spezifikation ein und läuft weiter</translation>
    </message>
    <message>
        <source>Spec %1: %2 criteria, %3 tickets, all done</source>
        <translation>Spezifikation %1: %2 Kriterien, %3 Tickets, alle erledigt</translation>
    </message>
    <message>
        <source>from before</source>
        <translation>von vorher</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message numerus="yes">
        <source>%1: tried again %n time(s)</source>
        <translation>
            <numerusform>%1: %n-mal erneut versucht</numerusform>
            <numerusform>%1: %n-mal erneut versucht</numerusform>
        </translation>
    </message>
    <message>
        <source>No stage was tried again</source>
        <translation>Keine Stufe wurde erneut versucht</translation>
    </message>
    <message>
        <source>No model or agent was asked: nothing was spent on one</source>
        <translation>Kein Modell und kein Agent wurde gefragt: nichts wurde dafür ausgegeben</translation>
    </message>
    <message numerus="yes">
        <source>Spent so far: %1, %2 in %n call(s)</source>
        <translation>
            <numerusform>Bisher ausgegeben: %1, %2 in %n Aufruf</numerusform>
            <numerusform>Bisher ausgegeben: %1, %2 in %n Aufrufen</numerusform>
        </translation>
    </message>
    <message>
        <source>a cost that is not known</source>
        <translation>unbekannte Kosten</translation>
    </message>
    <message numerus="yes">
        <source> (%n of them by an upper bound)</source>
        <translation>
            <numerusform> (%n davon nach einer Obergrenze)</numerusform>
            <numerusform> (%n davon nach einer Obergrenze)</numerusform>
        </translation>
    </message>
    <message>
        <source>Known</source>
        <translation>Bekannt</translation>
    </message>
    <message numerus="yes">
        <source>%n of them not known from before the change</source>
        <translation>
            <numerusform>%n davon nicht von vor der Änderung bekannt</numerusform>
            <numerusform>%n davon nicht von vor der Änderung bekannt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them there before the change</source>
        <translation>
            <numerusform>%n davon war vor der Änderung da</numerusform>
            <numerusform>%n davon waren vor der Änderung da</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>openfactory::ui::JobListModel</name>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1/%2</source>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>%1/%2 %3</source>
        <translation>%1/%2 %3</translation>
    </message>
    <message>
        <source>%1, attempt %2</source>
        <translation>%1, Versuch %2</translation>
    </message>
    <message>
        <source>+%1 −%2</source>
        <translation>+%1 −%2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>Abdeckung</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>not reported</source>
        <translation>nicht gemeldet</translation>
    </message>
    <message>
        <source>CI</source>
        <translation>CI</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::JobPage</name>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>Stages, attempts and commands</source>
        <translation>Stufen, Versuche und Befehle</translation>
    </message>
    <message>
        <source>Views of the job</source>
        <translation>Ansichten des Auftrags</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Überblick</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitachse</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>Tests</source>
        <translation>Tests</translation>
    </message>
    <message>
        <source>CI</source>
        <translation>CI</translation>
    </message>
    <message>
        <source>Artifacts</source>
        <translation>Artefakte</translation>
    </message>
    <message>
        <source>Audit entries of this job</source>
        <translation>Prüfbucheinträge dieses Auftrags</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>Prüfbuch</translation>
    </message>
    <message>
        <source>The job cannot be read. %1</source>
        <translation>Der Auftrag ist nicht lesbar. %1</translation>
    </message>
    <message>
        <source>&amp;Review…</source>
        <translation>&amp;Ansehen…</translation>
    </message>
    <message>
        <source>Re&amp;try</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Retry &amp;from…</source>
        <translation>Wiederholen a&amp;b…</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Cancel…</source>
        <translation>Ab&amp;brechen…</translation>
    </message>
    <message>
        <source>&amp;Archive</source>
        <translation>Ab&amp;legen</translation>
    </message>
    <message>
        <source>&amp;Unarchive</source>
        <translation>&amp;Zurückholen</translation>
    </message>
    <message>
        <source>Open &amp;workspace</source>
        <translation>Arbeits&amp;ordner öffnen</translation>
    </message>
    <message>
        <source>What did not pass</source>
        <translation>Was nicht bestanden hat</translation>
    </message>
    <message>
        <source>Risks</source>
        <translation>Risiken</translation>
    </message>
    <message>
        <source>Attempts: what was kept and what was taken back</source>
        <translation>Versuche: was blieb und was zurückgenommen wurde</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>Entscheidungen</translation>
    </message>
    <message>
        <source>Tests and coverage by stage and attempt</source>
        <translation>Tests und Abdeckung je Stufe und Versuch</translation>
    </message>
    <message>
        <source>Choose an artifact to read it</source>
        <translation>Ein Artefakt wählen, um es zu lesen</translation>
    </message>
    <message>
        <source>Reading the job…</source>
        <translation>Der Auftrag wird gelesen…</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Cancel %1?</source>
        <translation>%1 abbrechen?</translation>
    </message>
    <message>
        <source>What runs is stopped and the job ends. The worktree and every attempt stay, but the job cannot go on.</source>
        <translation>Was läuft, wird gestoppt, und der Auftrag endet. Arbeitsordner und Versuche bleiben, aber der Auftrag geht nicht weiter.</translation>
    </message>
    <message>
        <source>Cancel the job</source>
        <translation>Auftrag abbrechen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Retry from</source>
        <translation>Wiederholen ab</translation>
    </message>
    <message>
        <source>The job goes on from this stage; later stages run again.</source>
        <translation>Der Auftrag geht ab dieser Stufe weiter; spätere laufen noch einmal.</translation>
    </message>
    <message>
        <source>Show its &amp;log</source>
        <translation>Sein &amp;Protokoll zeigen</translation>
    </message>
    <message>
        <source>Show its &amp;change</source>
        <translation>Seine Ä&amp;nderung zeigen</translation>
    </message>
    <message>
        <source>&amp;Bring it back…</source>
        <translation>&amp;Zurückholen…</translation>
    </message>
    <message>
        <source>Bring back %1?</source>
        <translation>%1 zurückholen?</translation>
    </message>
    <message>
        <source>What the workspace holds now is replaced by the content of this attempt, and is judged anew. What was committed stays in the ledger.</source>
        <translation>Was jetzt im Arbeitsordner ist, wird durch den Inhalt dieses Versuchs ersetzt und neu beurteilt. Was festgehalten war, bleibt im Verzeichnis.</translation>
    </message>
    <message>
        <source>Bring it back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>So lassen</translation>
    </message>
    <message>
        <source>What differs between %1 and %2, from the older to the newer</source>
        <translation>Was sich zwischen %1 und %2 unterscheidet, vom älteren zum neueren</translation>
    </message>
    <message>
        <source>&amp;Compare with…</source>
        <translation>&amp;Vergleichen mit…</translation>
    </message>
    <message>
        <source>Compare %1 with</source>
        <translation>%1 vergleichen mit</translation>
    </message>
    <message>
        <source>The contents of both attempts, file by file.</source>
        <translation>Die Inhalte beider Versuche, Datei für Datei.</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>In the &amp;file manager</source>
        <translation>In der &amp;Dateiverwaltung</translation>
    </message>
    <message>
        <source>In the &amp;editor</source>
        <translation>Im &amp;Editor</translation>
    </message>
    <message>
        <source>In a &amp;terminal</source>
        <translation>In einem &amp;Terminal</translation>
    </message>
    <message>
        <source>Copied %1</source>
        <translation>%1 kopiert</translation>
    </message>
    <message>
        <source>Acceptance criteria</source>
        <translation>Abnahmekriterien</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::JobPlanPane</name>
    <message>
        <source>is a risk</source>
        <translation>ist ein Risiko</translation>
    </message>
    <message>
        <source>takes the change back</source>
        <translation>nimmt zurück</translation>
    </message>
    <message>
        <source>ends the job</source>
        <translation>beendet den Auftrag</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>No model is asked.</source>
        <translation>Es wird kein Modell gefragt.</translation>
    </message>
    <message>
        <source>What a call costs is not known.</source>
        <translation>Was ein Aufruf kostet, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>A call uses up at most %1.</source>
        <translation>Ein Aufruf verbraucht höchstens %1.</translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source>The job has no budget (job_budget in the settings).</source>
        <translation>Der Auftrag hat kein Budget (job_budget in den Einstellungen).</translation>
    </message>
    <message>
        <source>The job waits for you before it goes beyond %1.</source>
        <translation>Der Auftrag wartet auf Sie, bevor er über %1 hinausgeht.</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source>A person, in the worktree</source>
        <translation>Ein Mensch, im Arbeitsordner</translation>
    </message>
    <message>
        <source>A playbook file</source>
        <translation>Eine Playbook-Datei</translation>
    </message>
    <message>
        <source>Model %1 (%2)</source>
        <translation>Modell %1 (%2)</translation>
    </message>
    <message>
        <source>Agent %1 (%2)</source>
        <translation>Agent %1 (%2)</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>A failure</source>
        <translation>Ein Fehlschlag</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Führt aus</translation>
    </message>
    <message>
        <source>To know</source>
        <translation>Zu wissen</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Zeile</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>What the job would come to</source>
        <translation>Worauf der Auftrag hinausliefe</translation>
    </message>
    <message>
        <source>Stages of the job</source>
        <translation>Stufen des Auftrags</translation>
    </message>
    <message>
        <source>What there is to know about the contract</source>
        <translation>Was über den Vertrag zu wissen ist</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n file(s) on %2</source>
        <translation>
            <numerusform>%1, %n Datei auf %2</numerusform>
            <numerusform>%1, %n Dateien auf %2</numerusform>
        </translation>
    </message>
    <message>
        <source>No known language</source>
        <translation>Keine bekannte Sprache</translation>
    </message>
    <message>
        <source>nothing of its own: the engine does it</source>
        <translation>nichts Eigenes: das tut die Maschine</translation>
    </message>
    <message>
        <source>nothing: %1</source>
        <translation>nichts: %1</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::JobPresenter</name>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Regel</translation>
    </message>
    <message>
        <source>Risk</source>
        <translation>Risiko</translation>
    </message>
    <message>
        <source>What it says</source>
        <translation>Was es sagt</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>Versuch</translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation>Was daraus wurde</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>Abdeckung</translation>
    </message>
    <message>
        <source>Changed lines</source>
        <translation>Geänderte Zeilen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Gemacht</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Zeit (UTC)</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Wer</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Einzelheit</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>Entscheidung</translation>
    </message>
    <message>
        <source>Gate</source>
        <translation>Entscheidung</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>Kommentar</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>Benutzt</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>by %1: %2</source>
        <translation>von %1: %2</translation>
    </message>
    <message>
        <source>taken back, kept as %1</source>
        <translation>zurückgenommen, aufbewahrt als %1</translation>
    </message>
    <message>
        <source>kept, committed as %1</source>
        <translation>behalten, als %1</translation>
    </message>
    <message>
        <source>void: %1</source>
        <translation>ungültig: %1</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>noch nicht</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>Queued: waits for %1</source>
        <translation>Eingereiht: wartet auf %1</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Running %1</source>
        <translation>Läuft: %1</translation>
    </message>
    <message>
        <source>Waiting for you to %1 since %2: %3</source>
        <translation>Wartet auf Sie (%1) seit %2: %3</translation>
    </message>
    <message>
        <source>Waiting since %1 for %2</source>
        <translation>Wartet seit %1 auf %2</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Done: merged into %1 as %2</source>
        <translation>Fertig: in %1 übernommen als %2</translation>
    </message>
    <message>
        <source>Blocked by the contract at %1; no decision overrides that. %2</source>
        <translation>Vom Vertrag gesperrt bei %1; keine Entscheidung setzt das außer Kraft. %2</translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation>Fehlgeschlagen: %1</translation>
    </message>
    <message>
        <source>Failed at %1: %2</source>
        <translation>Fehlgeschlagen bei %1: %2</translation>
    </message>
    <message>
        <source>Cancelled; its worktree stays</source>
        <translation>Abgebrochen; der Arbeitsordner bleibt</translation>
    </message>
    <message>
        <source>Rolled back</source>
        <translation>Zurückgerollt</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Branch</source>
        <translation>Zweig</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Erstellt</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Brauchte</translation>
    </message>
    <message>
        <source>Elapsed</source>
        <translation>Vergangen</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Vorrang</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>Autor</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>by a person</source>
        <translation>von einem Menschen</translation>
    </message>
    <message>
        <source>Queued again</source>
        <translation>Wieder eingereiht</translation>
    </message>
    <message>
        <source>Queued again from %1</source>
        <translation>Wieder eingereiht ab %1</translation>
    </message>
    <message>
        <source>Paused; a stage that runs ends first</source>
        <translation>Angehalten; eine laufende Stufe endet vorher</translation>
    </message>
    <message>
        <source>No longer paused</source>
        <translation>Nicht mehr angehalten</translation>
    </message>
    <message>
        <source>Told to stop; its worktree stays</source>
        <translation>Soll aufhören; der Arbeitsordner bleibt</translation>
    </message>
    <message>
        <source>Archived</source>
        <translation>Abgelegt</translation>
    </message>
    <message>
        <source>Back in the list</source>
        <translation>Wieder in der Liste</translation>
    </message>
    <message>
        <source>The content of %1 is in the workspace again</source>
        <translation>Der Inhalt von %1 ist wieder im Arbeitsordner</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>Commit</translation>
    </message>
    <message>
        <source>Began</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>Pull request %1 (%2) on %3: %4 into %5, at %6.</source>
        <translation>Pull Request %1 (%2) auf %3: %4 nach %5, bei %6.</translation>
    </message>
    <message>
        <source>Read %1.</source>
        <translation>Gelesen %1.</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>A check is to run again, as %1 wishes.</source>
        <translation>Eine Prüfung soll noch einmal laufen, wünscht %1.</translation>
    </message>
    <message>
        <source>A check is to be cancelled, as %1 wishes.</source>
        <translation>Eine Prüfung soll abgebrochen werden, wünscht %1.</translation>
    </message>
    <message>
        <source>The last wish was not carried out: %1</source>
        <translation>Der letzte Wunsch wurde nicht ausgeführt: %1</translation>
    </message>
    <message>
        <source>Ticket %1 is yours: change files in the workspace, then Retry</source>
        <translation>Ticket %1 gehört Ihnen: Dateien im Arbeitsordner ändern, dann „Wiederholen“</translation>
    </message>
    <message>
        <source>Ticket %1 is the author&apos;s again</source>
        <translation>Ticket %1 gehört wieder dem Autor</translation>
    </message>
    <message>
        <source>The check runs again with the next look at the forge</source>
        <translation>Die Prüfung läuft mit dem nächsten Blick auf die Forge noch einmal</translation>
    </message>
    <message>
        <source>The check ends with the next look at the forge</source>
        <translation>Die Prüfung endet mit dem nächsten Blick auf die Forge</translation>
    </message>
    <message>
        <source>What is shown may be old: nothing has looked since.</source>
        <translation>Was hier steht, kann veraltet sein: Seither hat niemand nachgesehen.</translation>
    </message>
    <message>
        <source>Next look in %1.</source>
        <translation>Nächster Blick in %1.</translation>
    </message>
    <message>
        <source>The check %1 has not been reported for this commit, and without it the job is not done. It needs a CI job of that name that runs for pull requests, and the branch %2 has to require it.</source>
        <translation>Die Prüfung %1 ist für diesen Commit nicht gemeldet, und ohne sie ist der Auftrag nicht fertig. Dazu braucht es einen CI-Job dieses Namens, der für Pull Requests läuft, und der Branch %2 muss ihn verlangen.</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::JobsPage</name>
    <message numerus="yes">
        <source>archive %n job(s)</source>
        <translation>
            <numerusform>%n Auftrag ablegen</numerusform>
            <numerusform>%n Aufträge ablegen</numerusform>
        </translation>
    </message>
    <message>
        <source>Filter jobs</source>
        <translation>Aufträge filtern</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Reading the jobs…</source>
        <translation>Die Aufträge werden gelesen…</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>Braucht Sie</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>Wartet auf Platz</translation>
    </message>
    <message>
        <source>Failed today</source>
        <translation>Heute fehlgeschlagen</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Words, or state:failed project:x stage:lint age:&lt;2d needs:me is:archived</source>
        <translation>Wörter, oder state:failed project:x stage:lint age:&lt;2d needs:me is:archived</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Ablegen</translation>
    </message>
    <message>
        <source>%1  %2</source>
        <translation>%1  %2</translation>
    </message>
    <message>
        <source>Lead time %1</source>
        <translation>Durchlaufzeit %1</translation>
    </message>
    <message>
        <source>Taken back %1 %</source>
        <translation>Zurückgenommen %1 %</translation>
    </message>
    <message>
        <source>Median time from creation to done, and the part of attempts that was taken back, of the last 500 jobs</source>
        <translation>Mittlere Zeit vom Erstellen bis fertig, und der Teil der Versuche, der zurückgenommen wurde, der letzten 500 Aufträge</translation>
    </message>
    <message>
        <source>No job matches the filter.</source>
        <translation>Kein Auftrag passt zum Filter.</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>Filter leeren</translation>
    </message>
    <message>
        <source>No jobs yet.</source>
        <translation>Noch keine Aufträge.</translation>
    </message>
    <message>
        <source>Run the demo</source>
        <translation>Vorführung starten</translation>
    </message>
    <message numerus="yes">
        <source>%Ln job(s)</source>
        <translation>
            <numerusform>%Ln Auftrag</numerusform>
            <numerusform>%Ln Aufträge</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>Ö&amp;ffnen</translation>
    </message>
    <message>
        <source>&amp;Retry</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>R&amp;esume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Archive</source>
        <translation>Ab&amp;legen</translation>
    </message>
    <message numerus="yes">
        <source>%1: %n job(s)</source>
        <translation>
            <numerusform>%1: %n Auftrag</numerusform>
            <numerusform>%1: %n Aufträge</numerusform>
        </translation>
    </message>
    <message>
        <source>Queued again</source>
        <translation>Wieder eingereiht</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Resumed</source>
        <translation>Fortgesetzt</translation>
    </message>
    <message>
        <source>Told to stop</source>
        <translation>Soll aufhören</translation>
    </message>
    <message>
        <source>Back in the list</source>
        <translation>Wieder in der Liste</translation>
    </message>
    <message>
        <source>Saved filters</source>
        <translation>Gesicherte Filter</translation>
    </message>
    <message>
        <source>&amp;Save this filter…</source>
        <translation>Diesen Filter &amp;sichern…</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Save the filter</source>
        <translation>Den Filter sichern</translation>
    </message>
    <message>
        <source>Name of the filter</source>
        <translation>Name des Filters</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>Archived; Undo brings it back</source>
        <translation>Abgelegt; „Rückgängig“ holt es zurück</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>Re&amp;view…</source>
        <translation>&amp;Prüfen…</translation>
    </message>
    <message>
        <source>Copy &amp;link</source>
        <translation>&amp;Verweis kopieren</translation>
    </message>
    <message>
        <source>Copied %1</source>
        <translation>%1 kopiert</translation>
    </message>
    <message>
        <source>&amp;Cancel…</source>
        <translation>Ab&amp;brechen…</translation>
    </message>
    <message>
        <source>Cancel %1?</source>
        <translation>%1 abbrechen?</translation>
    </message>
    <message numerus="yes">
        <source>Cancel %n job(s)?</source>
        <translation>
            <numerusform>%n Auftrag abbrechen?</numerusform>
            <numerusform>%n Aufträge abbrechen?</numerusform>
        </translation>
    </message>
    <message>
        <source>What runs is stopped, and they end. Worktrees and attempts stay, but a cancelled job cannot go on.</source>
        <translation>Was läuft, wird beendet, und sie enden. Arbeitsverzeichnisse und Versuche bleiben, aber ein abgebrochener Auftrag kann nicht weitergehen.</translation>
    </message>
    <message>
        <source>Cancel them</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Behalten</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::Keys</name>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Job list</source>
        <translation>Auftragsliste</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitachse</translation>
    </message>
    <message>
        <source>Issues</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Previous match</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>Filter the lines</source>
        <translation>Die Zeilen filtern</translation>
    </message>
    <message>
        <source>Go to a line</source>
        <translation>Zu einer Zeile</translation>
    </message>
    <message>
        <source>Next error</source>
        <translation>Nächster Fehler</translation>
    </message>
    <message>
        <source>Previous error</source>
        <translation>Voriger Fehler</translation>
    </message>
    <message>
        <source>Mark the line</source>
        <translation>Die Zeile merken</translation>
    </message>
    <message>
        <source>Next change</source>
        <translation>Nächste Änderung</translation>
    </message>
    <message>
        <source>Previous change</source>
        <translation>Vorige Änderung</translation>
    </message>
    <message>
        <source>Next file</source>
        <translation>Nächste Datei</translation>
    </message>
    <message>
        <source>Previous file</source>
        <translation>Vorige Datei</translation>
    </message>
    <message>
        <source>Next finding</source>
        <translation>Nächster Befund</translation>
    </message>
    <message>
        <source>Previous finding</source>
        <translation>Voriger Befund</translation>
    </message>
    <message>
        <source>File viewed</source>
        <translation>Datei gesehen</translation>
    </message>
    <message>
        <source>Remark on the line</source>
        <translation>Anmerkung zur Zeile</translation>
    </message>
    <message>
        <source>Filter the files</source>
        <translation>Die Dateien filtern</translation>
    </message>
    <message>
        <source>Fit the whole job</source>
        <translation>Den ganzen Auftrag einpassen</translation>
    </message>
    <message>
        <source>%1 are several keys; one is wanted</source>
        <translation>%1 sind mehrere Tasten; gewünscht ist eine</translation>
    </message>
    <message>
        <source>%1 moves, chooses, copies or decides in every view, and stays that</source>
        <translation>%1 bewegt, wählt, kopiert oder entscheidet in jeder Ansicht und bleibt das</translation>
    </message>
    <message>
        <source>%1 is the key of “%2” already; take it from there first</source>
        <translation>%1 ist schon die Taste von „%2“; erst dort wegnehmen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>More of a gap, downwards</source>
        <translation>Mehr von einer Lücke, nach unten</translation>
    </message>
    <message>
        <source>More of a gap, upwards</source>
        <translation>Mehr von einer Lücke, nach oben</translation>
    </message>
    <message>
        <source>Find in the change</source>
        <translation>In der Änderung suchen</translation>
    </message>
    <message>
        <source>Next hit in the change</source>
        <translation>Nächster Treffer in der Änderung</translation>
    </message>
    <message>
        <source>Previous hit in the change</source>
        <translation>Voriger Treffer in der Änderung</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::KeysPane</name>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>Was sie tut</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Find a key</source>
        <translation>Eine Taste suchen</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>&amp;No key</source>
        <translation>&amp;Keine Taste</translation>
    </message>
    <message>
        <source>Restore &amp;default</source>
        <translation>&amp;Vorgabe</translation>
    </message>
    <message>
        <source>Restore &amp;all defaults…</source>
        <translation>&amp;Alle Vorgaben wiederherstellen…</translation>
    </message>
    <message>
        <source>Find a key or what it does</source>
        <translation>Eine Taste suchen oder was sie tut</translation>
    </message>
    <message>
        <source>Choose a line and press the new key into the field below: it holds at once. In a view that has the focus its own keys come before those that hold everywhere.</source>
        <translation>Eine Zeile wählen und im Feld darunter die neue Taste drücken: Sie gilt sofort. In einer Ansicht, die den Fokus hat, gehen deren eigene Tasten denen vor, die überall gelten.</translation>
    </message>
    <message>
        <source>Restore every key?</source>
        <translation>Alle Tasten zurücksetzen?</translation>
    </message>
    <message>
        <source>The keys that you have set are forgotten.</source>
        <translation>Die Tasten, die Sie gesetzt haben, werden vergessen.</translation>
    </message>
    <message>
        <source>Restore all defaults</source>
        <translation>Alle Vorgaben wiederherstellen</translation>
    </message>
    <message>
        <source>Keep mine</source>
        <translation>Meine behalten</translation>
    </message>
    <message>
        <source>Key of “%1”:</source>
        <translation>Taste von „%1“:</translation>
    </message>
    <message>
        <source>No line is chosen</source>
        <translation>Keine Zeile ist gewählt</translation>
    </message>
    <message>
        <source>Key of %1</source>
        <translation>Taste von %1</translation>
    </message>
    <message>
        <source>The same key elsewhere – %1</source>
        <translation>Dieselbe Taste anderswo – %1</translation>
    </message>
    <message>
        <source>The key is %1</source>
        <translation>Die Taste ist %1</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Vorgabe</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::LogPane</name>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Export the log</source>
        <translation>Protokoll exportieren</translation>
    </message>
    <message>
        <source>No command of this stage has run</source>
        <translation>Kein Befehl dieser Stufe lief bisher</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>exit code %1</source>
        <translation>Rückgabewert %1</translation>
    </message>
    <message>
        <source>%1/%2  $ %3  (%4)</source>
        <translation>%1/%2  $ %3  (%4)</translation>
    </message>
    <message>
        <source>The command wrote nothing</source>
        <translation>Der Befehl schrieb nichts</translation>
    </message>
    <message>
        <source>No output yet, command started %1</source>
        <translation>Noch keine Ausgabe, Befehl begann %1</translation>
    </message>
    <message>
        <source>As it was &amp;written</source>
        <translation>Wie &amp;geschrieben</translation>
    </message>
    <message>
        <source>As it was written</source>
        <translation>Wie geschrieben</translation>
    </message>
    <message>
        <source>The agent&apos;s lines of JSON themselves, instead of what is read of them</source>
        <translation>Die JSON-Zeilen des Agenten selbst, statt dessen, was daraus gelesen wird</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::MainWindow</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Einzelheit</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Gemacht</translation>
    </message>
    <message>
        <source>OpenFactory</source>
        <translation>OpenFactory</translation>
    </message>
    <message>
        <source>Needs you</source>
        <translation>Braucht Sie</translation>
    </message>
    <message>
        <source>Nothing waits for you.</source>
        <translation>Nichts wartet auf Sie.</translation>
    </message>
    <message>
        <source>Rollouts are not built yet: an approved change goes live by its merge.</source>
        <translation>Stufenweises Ausrollen gibt es noch nicht: eine angenommene Änderung gilt mit ihrer Übernahme.</translation>
    </message>
    <message>
        <source>Artifacts</source>
        <translation>Artefakte</translation>
    </message>
    <message>
        <source>No artifacts yet. Jobs keep theirs when they reach their gate.</source>
        <translation>Noch keine Artefakte. Aufträge legen ihre ab, wenn sie bei ihrer Entscheidung sind.</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Nothing has happened yet.</source>
        <translation>Noch ist nichts geschehen.</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>CI</source>
        <translation>CI</translation>
    </message>
    <message>
        <source>Rollouts</source>
        <translation>Ausrollen</translation>
    </message>
    <message>
        <source>&amp;Factory</source>
        <translation>&amp;Fabrik</translation>
    </message>
    <message>
        <source>&amp;Job</source>
        <translation>&amp;Auftrag</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>A&amp;nsicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Main toolbar</source>
        <translation>Hauptleiste</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Zurück</translation>
    </message>
    <message>
        <source>&amp;New job…</source>
        <translation>&amp;Neuer Auftrag…</translation>
    </message>
    <message>
        <source>&amp;Pause engine</source>
        <translation>Maschine an&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Resume engine</source>
        <translation>Maschine &amp;fortsetzen</translation>
    </message>
    <message>
        <source>Run the &amp;demo</source>
        <translation>&amp;Vorführung starten</translation>
    </message>
    <message>
        <source>&amp;Doctor</source>
        <translation>&amp;Diagnose</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Find &amp;action…</source>
        <translation>&amp;Aktion suchen…</translation>
    </message>
    <message>
        <source>&amp;Filter jobs</source>
        <translation>Aufträge &amp;filtern</translation>
    </message>
    <message>
        <source>Review the &amp;oldest gate…</source>
        <translation>&amp;Älteste Entscheidung…</translation>
    </message>
    <message>
        <source>Review in a &amp;window…</source>
        <translation>In einem &amp;Fenster ansehen…</translation>
    </message>
    <message>
        <source>Copy &amp;link</source>
        <translation>&amp;Verweis kopieren</translation>
    </message>
    <message>
        <source>Copied %1</source>
        <translation>%1 kopiert</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>&amp;Tasten</translation>
    </message>
    <message>
        <source>&amp;Welcome</source>
        <translation>&amp;Willkommen</translation>
    </message>
    <message>
        <source>Findings of the job</source>
        <translation>Befunde des Auftrags</translation>
    </message>
    <message>
        <source>Issues</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>What the engine did</source>
        <translation>Was die Maschine tat</translation>
    </message>
    <message>
        <source>Engine events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>No job is chosen</source>
        <translation>Kein Auftrag ist gewählt</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>What waits for you</source>
        <translation>Was auf Sie wartet</translation>
    </message>
    <message>
        <source>The engine</source>
        <translation>Die Maschine</translation>
    </message>
    <message>
        <source>The data directory</source>
        <translation>Das Datenverzeichnis</translation>
    </message>
    <message>
        <source>The store cannot be read; what is shown may be old. %1</source>
        <translation>Der Speicher ist nicht lesbar; was gezeigt wird, ist vielleicht alt. %1</translation>
    </message>
    <message>
        <source>The engine is paused: what runs goes on, nothing new starts.</source>
        <translation>Die Maschine ist angehalten: was läuft, läuft weiter, Neues beginnt nicht.</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>%1 waits for you to %2 (%3)</source>
        <translation>%1 wartet auf Sie: %2 (%3)</translation>
    </message>
    <message>
        <source>Review…</source>
        <translation>Ansehen…</translation>
    </message>
    <message>
        <source>%1 waits for you to %2</source>
        <translation>%1 wartet auf Sie: %2</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Nothing waits for you</source>
        <translation>Nichts wartet auf Sie</translation>
    </message>
    <message>
        <source>The %1 oldest of %2</source>
        <translation>Die %1 ältesten von %2</translation>
    </message>
    <message numerus="yes">
        <source>%n need(s) you</source>
        <translation>
            <numerusform>%n braucht Sie</numerusform>
            <numerusform>%n brauchen Sie</numerusform>
        </translation>
    </message>
    <message>
        <source>Engine paused</source>
        <translation>Maschine angehalten</translation>
    </message>
    <message>
        <source>Engine idle</source>
        <translation>Maschine wartet</translation>
    </message>
    <message>
        <source>Engine stopped</source>
        <translation>Maschine steht</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 bei %2</translation>
    </message>
    <message>
        <source>Recovered after an unclean stop: %1</source>
        <translation>Nach einem harten Ende wieder aufgenommen: %1</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>engine</source>
        <translation>Maschine</translation>
    </message>
    <message>
        <source>The demo runs; it will stop at the gate and wait for you</source>
        <translation>Die Vorführung läuft; sie hält bei der Entscheidung und wartet auf Sie</translation>
    </message>
    <message>
        <source>%1	%2</source>
        <translation>%1	%2</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message numerus="yes">
        <source>Quit while %n job(s) run?</source>
        <translation>
            <numerusform>Beenden, während %n Auftrag läuft?</numerusform>
            <numerusform>Beenden, während %n Aufträge laufen?</numerusform>
        </translation>
    </message>
    <message>
        <source>Park them and quit</source>
        <translation>Parken und beenden</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Bleiben</translation>
    </message>
    <message>
        <source>%1: %2 (%3)</source>
        <translation>%1: %2 (%3)</translation>
    </message>
    <message>
        <source>&amp;Hints on this window</source>
        <translation>&amp;Hinweise zu diesem Fenster</translation>
    </message>
    <message>
        <source>Open a job first: the hints show how to read it</source>
        <translation>Zuerst einen Auftrag öffnen: die Hinweise zeigen, wie man ihn liest</translation>
    </message>
    <message>
        <source>The stages of the job, from left to right. Shape and word say how each one stands; a click shows what it did.</source>
        <translation>Die Stufen des Auftrags, von links nach rechts. Form und Wort sagen, wie es um jede steht; ein Klick zeigt, was sie tat.</translation>
    </message>
    <message>
        <source>Every attempt is kept, also one that was taken back. Choose one: log, changes and tests on the right follow.</source>
        <translation>Jeder Versuch bleibt erhalten, auch ein zurückgenommener. Wird einer gewählt, folgen rechts Protokoll, Änderungen und Tests.</translation>
    </message>
    <message>
        <source>Demo data: a small shop and its job, made to show how this works.</source>
        <translation>Daten der Vorführung: ein kleiner Laden und sein Auftrag, um zu zeigen, wie dies arbeitet.</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <source>Remove the demo?</source>
        <translation>Die Vorführung entfernen?</translation>
    </message>
    <message>
        <source>Its jobs are ended and put into the archive, and the folder of its repository is deleted:
%1
The audit log keeps what happened. The demo can be run again.</source>
        <translation>Ihre Aufträge werden beendet und ins Archiv gelegt, und der Ordner ihres Repositorys wird gelöscht:
%1
Das Prüfbuch behält, was geschah. Die Vorführung kann wieder gestartet werden.</translation>
    </message>
    <message>
        <source>Remove it</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>The demo is removed</source>
        <translation>Die Vorführung ist entfernt</translation>
    </message>
    <message>
        <source>What you type cannot be kept, and would be lost in a crash: %1 cannot be written. Next: make room on that disk, or look at who may write to it</source>
        <translation>Was Sie eingeben, kann nicht aufbewahrt werden und ginge bei einem Absturz verloren: %1 kann nicht geschrieben werden. Als Nächstes: Platz auf dieser Platte schaffen, oder nachsehen, wer dort schreiben darf</translation>
    </message>
    <message>
        <source>Your unfinished job is back</source>
        <translation>Ihr unfertiger Auftrag ist wieder da</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren…</translation>
    </message>
    <message>
        <source>Choose a job first: the one that is open, or those that are chosen in the list, are exported</source>
        <translation>Wählen Sie zuerst einen Auftrag: exportiert wird der geöffnete, oder was in der Liste gewählt ist</translation>
    </message>
    <message>
        <source>No pull requests yet. Jobs of the pipeline openfactory open one.</source>
        <translation>Noch keine Pull Requests. Aufträge des Ablaufs openfactory eröffnen einen.</translation>
    </message>
    <message>
        <source>Pull request</source>
        <translation>Pull Request</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>Commit</translation>
    </message>
    <message>
        <source>Forge</source>
        <translation>Schmiede</translation>
    </message>
    <message>
        <source>%1: not reported</source>
        <translation>%1: nicht gemeldet</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Run the demo of the &amp;whole way</source>
        <translation>Demo des &amp;ganzen Wegs starten</translation>
    </message>
    <message>
        <source>The demo runs; it will ask you a question, and stop at the gate</source>
        <translation>Die Demo läuft; sie stellt Ihnen eine Frage und hält an der Schranke</translation>
    </message>
    <message>
        <source>The check runs again with the next look at the forge</source>
        <translation>Die Prüfung läuft mit dem nächsten Blick auf die Forge noch einmal</translation>
    </message>
    <message>
        <source>The check ends with the next look at the forge</source>
        <translation>Die Prüfung endet mit dem nächsten Blick auf die Forge</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Show in the log</source>
        <translation>Im Protokoll zeigen</translation>
    </message>
    <message>
        <source>At a gate</source>
        <translation>Bei einer Entscheidung</translation>
    </message>
    <message>
        <source>Ctrl+Return	Submit the decision</source>
        <translation>Strg+Eingabe	Die Entscheidung abschicken</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>What waits for you is under Needs you, and in a banner above every page. Every key is listed under Help, Keys, and can be changed in the settings.</source>
        <translation>Was auf Sie wartet, steht unter „Braucht Sie“ und in einem Streifen über jeder Seite. Alle Tasten stehen unter Hilfe, Tasten, und lassen sich in den Einstellungen ändern.</translation>
    </message>
    <message>
        <source>Branch</source>
        <translation>Zweig</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Gelesen</translation>
    </message>
    <message>
        <source>Parked now, a job begins the stage that it is in again with the next start; parked after that stage, it goes on behind it. Nothing is lost either way.</source>
        <translation>Jetzt geparkt, beginnt ein Auftrag seine Stufe beim nächsten Start von vorn; nach der Stufe geparkt, geht er dahinter weiter. Verloren geht in keinem Fall etwas.</translation>
    </message>
    <message>
        <source>Quit after this stage</source>
        <translation>Nach dieser Stufe beenden</translation>
    </message>
    <message>
        <source>The console quits as soon as the stages that run now have ended.</source>
        <translation>Die Konsole endet, sobald die Stufen, die jetzt laufen, zu Ende sind.</translation>
    </message>
    <message>
        <source>This page</source>
        <translation>Diese Seite</translation>
    </message>
    <message>
        <source>%1 of %2 workers busy</source>
        <translation>%1 von %2 Arbeitern beschäftigt</translation>
    </message>
    <message numerus="yes">
        <source>%n queued</source>
        <translation>
            <numerusform>%n in der Schlange</numerusform>
            <numerusform>%n in der Schlange</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, made %2</source>
        <translation>%1, entstanden %2</translation>
    </message>
    <message>
        <source>%1, read %2</source>
        <translation>%1, gelesen %2</translation>
    </message>
    <message>
        <source>&amp;Previous finding</source>
        <translation>V&amp;origer Befund</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>No job is open</source>
        <translation>Kein Auftrag ist geöffnet</translation>
    </message>
    <message>
        <source>Nothing was found against this job</source>
        <translation>Gegen diesen Auftrag wurde nichts gefunden</translation>
    </message>
    <message>
        <source>That was the last finding</source>
        <translation>Das war der letzte Befund</translation>
    </message>
    <message>
        <source>That was the first finding</source>
        <translation>Das war der erste Befund</translation>
    </message>
    <message>
        <source>Finding %1 of %2: %3</source>
        <translation>Befund %1 von %2: %3</translation>
    </message>
    <message>
        <source>&amp;Next finding</source>
        <translation>Nächster &amp;Befund</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::ModelsPane</name>
    <message>
        <source>%1 + %2 tokens</source>
        <translation>%1 + %2 Token</translation>
    </message>
    <message>
        <source>tokens not counted</source>
        <translation>Token nicht gezählt</translation>
    </message>
    <message>
        <source>%1 answers as %2 in %3; %4; %5</source>
        <translation>%1 antwortet als %2 in %3; %4; %5</translation>
    </message>
    <message>
        <source>it keeps to a JSON schema by itself</source>
        <translation>es hält sich von selbst an ein JSON-Schema</translation>
    </message>
    <message>
        <source>it is asked for JSON in words</source>
        <translation>es wird in Worten um JSON gebeten</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Preis</translation>
    </message>
    <message>
        <source>Last call</source>
        <translation>Letzter Aufruf</translation>
    </message>
    <message>
        <source>Models and agents</source>
        <translation>Modelle und Agenten</translation>
    </message>
    <message>
        <source>&amp;Try</source>
        <translation>&amp;Ausprobieren</translation>
    </message>
    <message>
        <source>Text of openfactory.yaml</source>
        <translation>Text von openfactory.yaml</translation>
    </message>
    <message>
        <source>&amp;Add an example</source>
        <translation>&amp;Beispiel einfügen</translation>
    </message>
    <message>
        <source>D&amp;iscard</source>
        <translation>&amp;Verwerfen</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>%1: every key is explained in docs/models.md and docs/agents.md. What is saved holds from the next start on.</source>
        <translation>%1: jeder Eintrag ist in docs/models.md und docs/agents.md erklärt. Gespeichertes gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>noch keiner</translation>
    </message>
    <message>
        <source>%1, %2, in %3</source>
        <translation>%1, %2, in %3</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1, %2: %3</translation>
    </message>
    <message>
        <source>agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>default</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>for failed gates</source>
        <translation>bei Fehlern</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>%1: not there</source>
        <translation>%1: fehlt</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>The calls of a job have no limit (job_budget).</source>
        <translation>Die Aufrufe eines Auftrags haben keine Grenze (job_budget).</translation>
    </message>
    <message>
        <source>The calls of a job may take %1.</source>
        <translation>Die Aufrufe eines Auftrags dürfen %1 verbrauchen.</translation>
    </message>
    <message>
        <source>No model is described yet.</source>
        <translation>Noch ist kein Modell beschrieben.</translation>
    </message>
    <message>
        <source>An agent is tried by its first run.</source>
        <translation>Ein Agent wird mit seinem ersten Lauf ausprobiert.</translation>
    </message>
    <message>
        <source>One small call, as the text below describes the model; it may cost a little.</source>
        <translation>Ein kleiner Aufruf, so wie der Text unten das Modell beschreibt; er kann ein wenig kosten.</translation>
    </message>
    <message>
        <source>Not saved yet.</source>
        <translation>Noch nicht gespeichert.</translation>
    </message>
    <message>
        <source>Asking %1…</source>
        <translation>%1 wird gefragt …</translation>
    </message>
    <message>
        <source>Saved; it holds from the next start of the console and of each worker.</source>
        <translation>Gespeichert; es gilt ab dem nächsten Start der Konsole und jedes Workers.</translation>
    </message>
    <message>
        <source>&amp;Go there</source>
        <translation>&amp;Dorthin</translation>
    </message>
    <message>
        <source>Line %1, column %2: %3</source>
        <translation>Zeile %1, Spalte %2: %3</translation>
    </message>
    <message>
        <source>Nothing can be tried while the text has a fault.</source>
        <translation>Solange der Text einen Fehler hat, kann nichts ausprobiert werden.</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::NeedsYou</name>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Seit</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 bei %2</translation>
    </message>
    <message>
        <source>%1, since %2</source>
        <translation>%1, seit %2</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::NewJobDialog</name>
    <message>
        <source>Repository</source>
        <translation>Repository</translation>
    </message>
    <message>
        <source>Slug</source>
        <translation>Kurzname</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>Target branch</source>
        <translation>Zielzweig</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>Vorrang</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>Autor</translation>
    </message>
    <message>
        <source>Playbook file</source>
        <translation>Playbook-Datei</translation>
    </message>
    <message>
        <source>New job</source>
        <translation>Neuer Auftrag</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Durchsuchen…</translation>
    </message>
    <message>
        <source>A git repository</source>
        <translation>Ein Git-Repository</translation>
    </message>
    <message>
        <source>What is to be done; the first line becomes the title</source>
        <translation>Was zu tun ist; die erste Zeile wird der Titel</translation>
    </message>
    <message>
        <source>a-z, 0-9, - and _; names the branch factory/…</source>
        <translation>a-z, 0-9, - und _; benennt den Zweig factory/…</translation>
    </message>
    <message>
        <source>&amp;Repository</source>
        <translation>&amp;Repository</translation>
    </message>
    <message>
        <source>&amp;Slug</source>
        <translation>&amp;Kurzname</translation>
    </message>
    <message>
        <source>&amp;Task</source>
        <translation>&amp;Aufgabe</translation>
    </message>
    <message>
        <source>Tar&amp;get branch</source>
        <translation>&amp;Zielzweig</translation>
    </message>
    <message>
        <source>&amp;Priority</source>
        <translation>&amp;Vorrang</translation>
    </message>
    <message>
        <source>Play&amp;book</source>
        <translation>Play&amp;book</translation>
    </message>
    <message>
        <source>&amp;Make the job</source>
        <translation>Auftrag &amp;machen</translation>
    </message>
    <message>
        <source>Make the job</source>
        <translation>Auftrag machen</translation>
    </message>
    <message>
        <source>The job is being made…</source>
        <translation>Der Auftrag wird gemacht…</translation>
    </message>
    <message>
        <source>Choose a repository</source>
        <translation>Ein Repository wählen</translation>
    </message>
    <message>
        <source>The slug: %1</source>
        <translation>Der Kurzname: %1</translation>
    </message>
    <message>
        <source>Name the playbook file</source>
        <translation>Die Playbook-Datei nennen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Drop what was typed?</source>
        <translation>Das Eingegebene verwerfen?</translation>
    </message>
    <message>
        <source>The job was not made yet.</source>
        <translation>Der Auftrag wurde noch nicht angelegt.</translation>
    </message>
    <message>
        <source>Drop it and close</source>
        <translation>Verwerfen und schließen</translation>
    </message>
    <message>
        <source>Keep editing</source>
        <translation>Weiter bearbeiten</translation>
    </message>
    <message>
        <source>Pipeline</source>
        <translation>Pipeline</translation>
    </message>
    <message>
        <source>Wait for me to &amp;accept its spec</source>
        <translation>Warten, bis ich die Spezifikation &amp;annehme</translation>
    </message>
    <message>
        <source>Review the spec</source>
        <translation>Spezifikation prüfen</translation>
    </message>
    <message>
        <source>the contract&apos;s, else the one that is checked out</source>
        <translation>der des Vertrags, sonst der ausgecheckte</translation>
    </message>
    <message>
        <source>The contract&apos;s</source>
        <translation>Die des Vertrags</translation>
    </message>
    <message>
        <source>Models and agents are described in openfactory.yaml (docs/models.md, docs/agents.md)</source>
        <translation>Modelle und Agenten stehen in openfactory.yaml (docs/models.md, docs/agents.md)</translation>
    </message>
    <message>
        <source>P&amp;ipeline</source>
        <translation>P&amp;ipeline</translation>
    </message>
    <message>
        <source>Auth&amp;or</source>
        <translation>Aut&amp;or</translation>
    </message>
    <message>
        <source>Choose a repository: what the job would come to is shown here before anything is made.</source>
        <translation>Wählen Sie ein Repository: Worauf der Auftrag hinausliefe, steht hier, bevor etwas angelegt wird.</translation>
    </message>
    <message>
        <source>Say what is to be done, or give the job a short name</source>
        <translation>Sagen Sie, was zu tun ist, oder geben Sie dem Auftrag einen kurzen Namen</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::PlanPane</name>
    <message>
        <source>Of the budget</source>
        <translation>Vom Budget</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Documents and tickets</source>
        <translation>Dokumente und Tickets</translation>
    </message>
    <message>
        <source>Acceptance criteria and the tickets that cover them</source>
        <translation>Abnahmekriterien und die Tickets, die sie abdecken</translation>
    </message>
    <message>
        <source>What was asked of models</source>
        <translation>Was Modelle gefragt wurden</translation>
    </message>
    <message>
        <source>This job&apos;s pipeline has no plan: the task itself is what is worked on.</source>
        <translation>Die Pipeline dieses Auftrags hat keinen Plan: Gearbeitet wird an der Aufgabe selbst.</translation>
    </message>
    <message>
        <source>It is not there yet.</source>
        <translation>Es ist noch nicht da.</translation>
    </message>
    <message>
        <source>Who does the ticket</source>
        <translation>Wer das Ticket bearbeitet</translation>
    </message>
    <message>
        <source>I&apos;ll &amp;do it</source>
        <translation>Das mache &amp;ich</translation>
    </message>
    <message>
        <source>&amp;Hand it back</source>
        <translation>&amp;Zurückgeben</translation>
    </message>
    <message>
        <source>It is done.</source>
        <translation>Es ist erledigt.</translation>
    </message>
    <message>
        <source>The job is over.</source>
        <translation>Der Auftrag ist beendet.</translation>
    </message>
    <message>
        <source>You are the job&apos;s author.</source>
        <translation>Sie sind der Autor des Auftrags.</translation>
    </message>
    <message>
        <source>Change files in the workspace, then Retry.</source>
        <translation>Dateien im Arbeitsordner ändern, dann „Wiederholen“.</translation>
    </message>
    <message>
        <source>Yours, once it is its turn.</source>
        <translation>Ihres, sobald es an der Reihe ist.</translation>
    </message>
    <message>
        <source>The author is stopped, and what it began is undone.</source>
        <translation>Der Autor wird angehalten, sein Angefangenes zurückgenommen.</translation>
    </message>
    <message>
        <source>You are asked for it in place of the author, once it is its turn.</source>
        <translation>Sobald es an der Reihe ist, werden Sie statt des Autors gefragt.</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::PlanTables</name>
    <message>
        <source>done</source>
        <translation>erledigt</translation>
    </message>
    <message>
        <source>being worked on</source>
        <translation>in Arbeit</translation>
    </message>
    <message>
        <source>to be done</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Covers</source>
        <translation>Deckt ab</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nach</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Criterion</source>
        <translation>Kriterium</translation>
    </message>
    <message>
        <source>Tickets</source>
        <translation>Tickets</translation>
    </message>
    <message>
        <source>What has to hold</source>
        <translation>Was gelten muss</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Aufruf</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Für</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>noch nicht</translation>
    </message>
    <message>
        <source>not what was frozen</source>
        <translation>nicht das Eingefrorene</translation>
    </message>
    <message>
        <source>frozen</source>
        <translation>eingefroren</translation>
    </message>
    <message>
        <source>SHA-256 %1</source>
        <translation>SHA-256 %1</translation>
    </message>
    <message>
        <source>Preflight</source>
        <translation>Vorprüfung</translation>
    </message>
    <message>
        <source>Spec</source>
        <translation>Spezifikation</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>Architektur</translation>
    </message>
    <message>
        <source>Ticket %1: %2</source>
        <translation>Ticket %1: %2</translation>
    </message>
    <message>
        <source>not counted; at most %1</source>
        <translation>nicht gezählt; höchstens %1</translation>
    </message>
    <message>
        <source>%1 + %2</source>
        <translation>%1 + %2</translation>
    </message>
    <message>
        <source>no price</source>
        <translation>kein Preis</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>Asked: %1</source>
        <translation>Gefragt: %1</translation>
    </message>
    <message>
        <source>Not answered.</source>
        <translation>Nicht beantwortet.</translation>
    </message>
    <message>
        <source>Answered: %1</source>
        <translation>Beantwortet: %1</translation>
    </message>
    <message>
        <source>Not what was frozen any more, so it is not shown: %1</source>
        <translation>Nicht mehr das Eingefrorene, daher nicht gezeigt: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n call(s)</source>
        <translation>
            <numerusform>%n Aufruf</numerusform>
            <numerusform>%n Aufrufe</numerusform>
        </translation>
    </message>
    <message>
        <source>cost not known</source>
        <translation>Kosten nicht bekannt</translation>
    </message>
    <message numerus="yes">
        <source> (%n of them by an upper bound)</source>
        <translation>
            <numerusform> (%n davon nach oben geschätzt)</numerusform>
            <numerusform> (%n davon nach oben geschätzt)</numerusform>
        </translation>
    </message>
    <message>
        <source>no budget is set</source>
        <translation>kein Budget gesetzt</translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>höchstens %1</translation>
    </message>
    <message>
        <source>with a person</source>
        <translation>bei einem Menschen</translation>
    </message>
    <message>
        <source>to be done by a person</source>
        <translation>für einen Menschen</translation>
    </message>
    <message>
        <source>committed as %1</source>
        <translation>als Commit %1</translation>
    </message>
    <message>
        <source>its tickets are done</source>
        <translation>seine Tickets sind fertig</translation>
    </message>
    <message>
        <source>no ticket yet</source>
        <translation>noch kein Ticket</translation>
    </message>
    <message>
        <source>%1 of %2 tickets done</source>
        <translation>%1 von %2 Tickets fertig</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Beleg</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Schreibtisch</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Time to take a decision back</source>
        <translation>Zeit, eine Entscheidung zurückzunehmen</translation>
    </message>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>Time to take a decision &amp;back</source>
        <translation>Zeit, eine Entscheidung &amp;zurückzunehmen</translation>
    </message>
    <message>
        <source>Pages of the settings</source>
        <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
        <source>Conso&amp;le</source>
        <translation>&amp;Konsole</translation>
    </message>
    <message>
        <source>&amp;Engine</source>
        <translation>&amp;Maschine</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Drop what was typed?</source>
        <translation>Das Eingegebene verwerfen?</translation>
    </message>
    <message>
        <source>Some settings of the engine were changed and not saved.</source>
        <translation>Einige Einstellungen der Maschine wurden geändert und nicht gespeichert.</translation>
    </message>
    <message>
        <source>Drop it and close</source>
        <translation>Verwerfen und schließen</translation>
    </message>
    <message>
        <source>Keep editing</source>
        <translation>Weiter bearbeiten</translation>
    </message>
    <message>
        <source>Settings of this window</source>
        <translation>Einstellungen dieses Fensters</translation>
    </message>
    <message>
        <source>&amp;Models</source>
        <translation>&amp;Modelle</translation>
    </message>
    <message>
        <source>The description of the models was changed and not saved.</source>
        <translation>Die Beschreibung der Modelle wurde geändert und nicht gespeichert.</translation>
    </message>
    <message>
        <source>Editor for files of a job</source>
        <translation>Editor für Dateien eines Auftrags</translation>
    </message>
    <message>
        <source>none is installed that is known</source>
        <translation>kein bekannter ist installiert</translation>
    </message>
    <message>
        <source>The command that opens a place that a log or a finding names: {file} and {line} stand for it</source>
        <translation>Der Befehl, der eine Stelle öffnet, die ein Protokoll oder ein Befund nennt: {file} und {line} stehen dafür</translation>
    </message>
    <message>
        <source>E&amp;ditor</source>
        <translation>E&amp;ditor</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>&amp;Tasten</translation>
    </message>
    <message>
        <source>&amp;Data</source>
        <translation>&amp;Daten</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <source>One for a job in ten seconds; none of them holds a decision. The settings of the desktop can silence each as well.</source>
        <translation>Eine je Auftrag in zehn Sekunden; keine enthält eine Entscheidung. Auch die Einstellungen des Schreibtischs können jede stumm schalten.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>The language changes with the next start</source>
        <translation>Die Sprache wechselt mit dem nächsten Start</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>S&amp;prache</translation>
    </message>
    <message>
        <source>&amp;Host</source>
        <translation>&amp;Rechner</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::SettingsPresenter</name>
    <message>
        <source>%1 cannot be read: %2. Nothing can be changed here until it is mended.</source>
        <translation>%1 ist nicht lesbar: %2. Bis das behoben ist, lässt sich hier nichts ändern.</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be saved: %2</source>
        <translation>„%1“ lässt sich nicht speichern: %2</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keiner</translation>
    </message>
    <message>
        <source>Default: %1</source>
        <translation>Voreinstellung: %1</translation>
    </message>
    <message>
        <source>$%1 says %2, and wins over the file</source>
        <translation>$%1 sagt %2 und geht der Datei vor</translation>
    </message>
    <message>
        <source>Saved: %1, in line %2 of the file</source>
        <translation>Gespeichert: %1, in Zeile %2 der Datei</translation>
    </message>
    <message>
        <source>not in the file</source>
        <translation>nicht in der Datei</translation>
    </message>
    <message>
        <source>the running engine has %1 until the next start</source>
        <translation>die laufende Maschine hat bis zum nächsten Start %1</translation>
    </message>
    <message>
        <source>It is being saved</source>
        <translation>Es wird gespeichert</translation>
    </message>
    <message>
        <source>The settings are not read</source>
        <translation>Die Einstellungen sind nicht gelesen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Nothing was changed</source>
        <translation>Nichts wurde geändert</translation>
    </message>
    <message>
        <source>From the next start every command of every job runs with all your rights: it may read and change all that you may, and reach the network.</source>
        <translation>Ab dem nächsten Start läuft jeder Befehl jedes Auftrags mit allen Ihren Rechten: er darf alles lesen und ändern, was Sie dürfen, und das Netz erreichen.</translation>
    </message>
    <message>
        <source>Nothing was saved. %1</source>
        <translation>Nichts wurde gespeichert. %1</translation>
    </message>
    <message>
        <source>Saved; it takes effect with the next start of the console and of each worker</source>
        <translation>Gespeichert; es gilt ab dem nächsten Start der Konsole und jedes Arbeiters</translation>
    </message>
    <message>
        <source>on</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>%1 cannot be saved: it is outside %2 to %3</source>
        <translation>%1 lässt sich nicht speichern: es liegt nicht zwischen %2 und %3</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be saved: it is no whole number</source>
        <translation>„%1“ lässt sich nicht speichern: es ist keine ganze Zahl</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be saved: it has to be a name and an address, &quot;Name &lt;mail&gt;&quot;, or nothing</source>
        <translation>„%1“ lässt sich nicht speichern: es muss ein Name mit Adresse sein, „Name &lt;mail&gt;“, oder leer</translation>
    </message>
    <message>
        <source>&quot;%1&quot; cannot be saved: it has to be one short line without &lt; and &gt;</source>
        <translation>„%1“ lässt sich nicht speichern: es muss eine kurze Zeile ohne &lt; und &gt; sein</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::StageStrip</name>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n attempt(s)</source>
        <translation>
            <numerusform>%1, %n Versuch</numerusform>
            <numerusform>%1, %n Versuche</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>+%1</source>
        <translation>+%1</translation>
    </message>
    <message>
        <source>%1: %2
Choose it to see each of them</source>
        <translation>%1: %2
Auswählen, um jede zu sehen</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::TablePage</name>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::Timeline</name>
    <message>
        <source>Timeline of stages, attempts and commands</source>
        <translation>Zeitachse der Stufen, Versuche und Befehle</translation>
    </message>
</context>
<context>
    <name>openfactory::ui::WelcomePage</name>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>A software factory on your desk</source>
        <translation>Eine Softwarefabrik auf Ihrem Schreibtisch</translation>
    </message>
    <message>
        <source>A job takes a change on a git repository through compile, tests, coverage, lint, review, boundary and a merge check, in a sandbox. What fails is taken back and kept; you decide on measured facts. Nothing leaves this machine.</source>
        <translation>Ein Auftrag bringt eine Änderung an einem Git-Repository durch Übersetzen, Tests, Abdeckung, Stilprüfung, Durchsicht, Grenze und Übernahmeprüfung, in einer Sandbox. Was fehlschlägt, wird zurückgenommen und aufbewahrt; Sie entscheiden nach Messwerten. Nichts verlässt diesen Rechner.</translation>
    </message>
    <message>
        <source>&amp;Run the demo</source>
        <translation>&amp;Vorführung starten</translation>
    </message>
    <message>
        <source>Makes a small repository in the data directory and mends a wrong discount in it: one change is taken back, one risk is left for you. About a minute, no network, no account.</source>
        <translation>Macht ein kleines Repository im Datenverzeichnis und richtet darin einen falschen Rabatt: eine Änderung wird zurückgenommen, ein Risiko bleibt für Sie. Etwa eine Minute, ohne Netz, ohne Konto.</translation>
    </message>
    <message>
        <source>&amp;Open a repository…</source>
        <translation>Repository ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Make a job on a git repository of yours.</source>
        <translation>Einen Auftrag an einem eigenen Git-Repository machen.</translation>
    </message>
    <message>
        <source>&amp;Look at this host</source>
        <translation>Diesen &amp;Rechner untersuchen</translation>
    </message>
    <message>
        <source>Sandbox, tools, disk and store, each with what to do where it is missing.</source>
        <translation>Sandbox, Werkzeuge, Platte und Speicher, jeweils mit dem, was bei Fehlen zu tun ist.</translation>
    </message>
    <message>
        <source>Making the demo&apos;s repository…</source>
        <translation>Das Repository der Vorführung wird gemacht…</translation>
    </message>
    <message>
        <source>Run the &amp;whole way</source>
        <translation>Den &amp;ganzen Weg gehen</translation>
    </message>
    <message>
        <source>From a sentence to a release: a question for you, a spec, two tickets, a pull request on a forge in the data directory, a CI that says no once, your approval. About a minute, no network, no account.</source>
        <translation>Von einem Satz zur Freigabe: eine Frage an Sie, eine Spezifikation, zwei Tickets, ein Pull Request auf einer Forge im Datenverzeichnis, eine CI, die einmal nein sagt, Ihre Zustimmung. Etwa eine Minute, kein Netz, kein Konto.</translation>
    </message>
</context>
</TS>
