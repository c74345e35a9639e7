// SPDX-License-Identifier: Apache-2.0
/// One bounded piece of work of a job (openfactory-v2-pipeline, stage 3). Plain values.
#pragma once

#include <QStringList>

#include <vector>

namespace openfactory {

/// A test that a ticket must leave behind.
struct RequiredTest {
    QString name;             ///< as the language's test report names it: "tests/test_cart.py::test_total"
    bool failsBefore = false; ///< it must fail where the ticket's change is not there yet
    bool operator==(const RequiredTest &) const = default;
};

struct Ticket {
    int number = 0; ///< from 1; TICKETS/0001-<name>.md
    QString name;   ///< [a-z0-9-]{1,60}
    QString goal;
    QStringList files;    ///< globs (matchesGlob); the ticket's boundary within the contract's
    QStringList commands; ///< further allowlist patterns, as in the contract
    std::vector<RequiredTest> tests;
    QStringList done;           ///< done criteria, one sentence each
    QStringList criteria;       ///< ids of the spec's acceptance criteria that it covers
    std::vector<int> dependsOn; ///< numbers of tickets that come first
    bool operator==(const Ticket &) const = default;
};

} // namespace openfactory
