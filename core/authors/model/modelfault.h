// SPDX-License-Identifier: Apache-2.0
/// What a server's answer that is none means, and what a person can do about it. Pure.
#pragma once

#include "core/authors/model/httppost.h"
#include "core/authors/model/modelclient.h"

#include <QJsonObject>

namespace openfactory {

/// What the server said in words, bounded, made visible.
QString saidBy(const QJsonObject &body);
/// The fault of a status with its body, of an outcome without one, or of an error in the middle of a stream (status 0).
ModelFault faultOf(int status, const QJsonObject &body);
/// Whether the same request may get an answer later.
bool mayPass(ModelFault fault, int status);
ModelFailure failureOf(const ModelSettings &settings, ModelFault fault, const QString &said);

} // namespace openfactory
