// SPDX-License-Identifier: Apache-2.0
/// How a job will meet its spec: the architecture and the tickets, and the rules that judge them before they are frozen
/// (openfactory-v2-pipeline, stages 2 and 3). Pure.
#pragma once

#include "core/domain/contract.h"
#include "core/domain/spec.h"
#include "core/domain/ticket.h"

namespace openfactory {

/// A file that a component lives in.
struct ComponentFile {
    RepoPath path; ///< from the repository's root; a folder ends in "/"
    bool exists = false;
    bool operator==(const ComponentFile &) const = default;
};

struct Component {
    QString name;
    QString purpose;
    std::vector<ComponentFile> files;
    bool operator==(const Component &) const = default;
};

struct Architecture {
    std::vector<Component> components;
    QStringList dataFlow;
    QStringList interfaces;
    QStringList storage;
    QStringList testStrategy;
    bool operator==(const Architecture &) const = default;
};

Reading<Architecture> readArchitecture(const QByteArray &json);
QByteArray toJson(const Architecture &architecture);
QString toMarkdown(const Architecture &architecture);
/// What the architecture says of files that is not so: `files` are those of the repository, sorted.
std::vector<Finding> fileFaults(const Architecture &architecture, const std::vector<RepoPath> &files);

/// Reads TICKETS.json. Order and rules are for ticketFaults().
Reading<std::vector<Ticket>> readTickets(const QByteArray &json);
QByteArray toJson(const std::vector<Ticket> &tickets);
/// TICKETS/0001-<name>.md: YAML front matter with all that is enforced, and the goal as text.
QString toMarkdown(const Ticket &ticket);
/// "TICKETS/0001-<name>", without an ending.
QString ticketPath(const Ticket &ticket);

/// What keeps the tickets from being a plan for that spec under that contract: a criterion that no ticket covers, a
/// dependency on itself, on nothing or in a circle, a number or name given twice, files that the contract closes or
/// that are protected, commands that no contract could allow.
std::vector<Finding> ticketFaults(const std::vector<Ticket> &tickets, const Spec &spec, const Contract &contract);
/// The tickets so that each comes after those that it depends on, else by number. Those in a circle are left out.
std::vector<Ticket> inOrder(std::vector<Ticket> tickets);
/// The files of a change that lie outside the ticket's, one finding each.
std::vector<Finding> ticketBreaches(const Ticket &ticket, const ChangeSet &change);
/// Whether a test that a report names is the one that a ticket asks for: by the report's own name, by its end, or as a
/// tool takes it (tests/test_cart.py::test_total); one with parameters is all of its cases.
bool isRequiredTest(const QString &reported, const QString &required);
/// The ticket's commands as patterns of the allowlist, without those that could never be allowed.
std::vector<QStringList> ticketCommands(const Ticket &ticket);

} // namespace openfactory
