// SPDX-License-Identifier: Apache-2.0
/// The commands behind the table; each returns an exit code.
#pragma once

namespace openfactory::cli {

class Session;
class Arguments;

// jobs.cpp: making and running
int newJob(Session &, const Arguments &);
int runJob(Session &, const Arguments &);
int runStages(Session &, const Arguments &);
int runWorker(Session &, const Arguments &);
int rewindJob(Session &, const Arguments &);
// decide.cpp: what a person says
int approve(Session &, const Arguments &);
int reject(Session &, const Arguments &);
int requestChanges(Session &, const Arguments &);
int answerQuestion(Session &, const Arguments &);
int reviewSpec(Session &, const Arguments &);
int cancelJob(Session &, const Arguments &);
int pauseJob(Session &, const Arguments &);
int resumeJob(Session &, const Arguments &);
int retryJob(Session &, const Arguments &);
int actOnTicket(Session &, const Arguments &);
int actOnCheck(Session &, const Arguments &);
int setJob(Session &, const Arguments &);
// contract.cpp
int contract(Session &, const Arguments &);
// export.cpp
int exportJob(Session &, const Arguments &);
// list.cpp: all jobs
int listJobs(Session &, const Arguments &);
int searchJobs(Session &, const Arguments &);
int watchdog(Session &, const Arguments &);
// clean.cpp
int cleanCaches(Session &, const Arguments &);
// show.cpp: one job
int showJob(Session &, const Arguments &);
int showLog(Session &, const Arguments &);
int showDiff(Session &, const Arguments &);
int listArtifacts(Session &, const Arguments &);
int auditLog(Session &, const Arguments &);
// about.cpp: the host and the program
int doctor(Session &, const Arguments &);
int discover(Session &, const Arguments &);
// model.cpp
int model(Session &, const Arguments &);
int completion(Session &, const Arguments &);
int man(Session &, const Arguments &);
int help(Session &, const Arguments &);
// smoke.cpp
int smoke(Session &, const Arguments &);

} // namespace openfactory::cli
