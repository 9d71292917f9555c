// SPDX-License-Identifier: MIT
#include "dom0/xenstore/requests.hpp"

#include <algorithm>
#include <array>

#include "dom0/xenstore/domain_requests.hpp"
#include "dom0/xenstore/operations.hpp"
#include "dom0/xenstore/path.hpp"
#include "dom0/xenstore/request.hpp"

namespace xenstore {
namespace {

constexpr std::string_view ok{"OK\0", 3};

struct Target {
    View* view;
    std::string path;
};

// The node a request is about: path from its first field, view from its header.
Result<Target> target_of(Request& request) {
    auto const path = request.fields.next();
    if (!path)
        return Fail{Errno::inval};
    return Target{TRY(request.session.view(request.server.tree(), request.message.transaction)),
                  TRY(absolute(*path, request.caller()))};
}

Result<Target> only_target_of(Request& request) {
    auto target = TRY(target_of(request));
    TRY_VOID(request.at_end());
    return target;
}

Result<std::string> confirmed(Result<> const& done) {
    return done ? Result<std::string>{ok} : Fail{done.error()};
}

Result<std::string> read_node(Request& request) {
    auto const target = TRY(only_target_of(request));
    return read(*target.view, request.caller(), target.path);
}

Result<std::string> write_node(Request& request) {
    auto const target = TRY(target_of(request));
    return confirmed(write(*target.view, request.caller(), target.path, request.fields.rest()));
}

Result<std::string> make_node(Request& request) {
    auto const target = TRY(only_target_of(request));
    return confirmed(make(*target.view, request.caller(), target.path));
}

Result<std::string> remove_node(Request& request) {
    auto const target = TRY(only_target_of(request));
    return confirmed(remove(*target.view, request.caller(), target.path));
}

Result<std::string> list_children(Request& request) {
    auto const target = TRY(only_target_of(request));
    std::string names;
    for (auto const& name : TRY(directory(*target.view, request.caller(), target.path))->children)
        names.append(name).append(1, '\0');
    return names;
}

// A list too long for one reply is fetched in parts: "generation\0" and as many
// names as fit behind `offset`; an empty name marks the end.
Result<std::string> list_part(Request& request) {
    auto const target = TRY(target_of(request));
    auto const offset = TRY(request.number<u32>());
    TRY_VOID(request.at_end());
    auto const* const node = TRY(directory(*target.view, request.caller(), target.path));
    std::string part = std::to_string(node->generation) + '\0';
    usize position = 0;
    for (auto const& name : node->children) {
        usize const size = name.size() + 1;
        if (position >= offset && part.size() + size > XENSTORE_PAYLOAD_MAX)
            return part;
        if (position >= offset)
            part.append(name).append(1, '\0');
        position += size;
    }
    if (fits(part.size() + 1))
        part += '\0';
    return part;
}

Result<std::string> get_permissions(Request& request) {
    auto const target = TRY(only_target_of(request));
    return TRY(permissions(*target.view, request.caller(), target.path)).wire();
}

Result<std::string> change_permissions(Request& request) {
    auto const target = TRY(target_of(request));
    auto permissions = TRY(Permissions::parse(request.fields.rest()));
    return confirmed(set_permissions(*target.view, request.caller(), target.path, std::move(permissions)));
}

Result<Watched> watched_of(Request& request) {
    auto const path = request.fields.next();
    auto const token = request.fields.next();
    if (!path || !token)
        return Fail{Errno::inval};
    TRY_VOID(request.at_end());
    if (!is_special(*path))
        return Watched{TRY(absolute(*path, request.caller())), std::string{*token}, !path->starts_with('/')};
    if (!request.caller().privileged)
        return Fail{Errno::access};
    return Watched{std::string{*path}, std::string{*token}};
}

Result<std::string> watch(Request& request) {
    auto watched = TRY(watched_of(request));
    // Every watch fires once at its start, naming what was asked for.
    request.first_event = {std::string{*Fields{request.message.payload}.next()}, watched.token};
    return confirmed(request.session.watches().add(request.caller(), std::move(watched)));
}

Result<std::string> unwatch(Request& request) {
    auto const watched = TRY(watched_of(request));
    return confirmed(request.session.watches().remove(watched.path, watched.token));
}

Result<std::string> start_transaction(Request& request) {
    if (request.message.transaction != 0)
        return Fail{Errno::busy};
    return std::to_string(TRY(request.session.begin(request.server.tree()))) + '\0';
}

Result<std::string> end_transaction(Request& request) {
    auto const verdict = request.fields.next();
    if (!verdict || (*verdict != "T" && *verdict != "F"))
        return Fail{Errno::inval};
    TRY_VOID(request.at_end());
    return confirmed(request.session.end(request.message.transaction, *verdict == "T"));
}

Result<std::string> reset_watches(Request& request) {
    request.session.reset();
    return Result<std::string>{ok};
}

struct Row {
    u32 type;
    Result<std::string> (*run)(Request&);
    enum class For : u8 { all, who_has_memory, toolstack } meant_for = For::all;
};
using enum Row::For;

constexpr std::array rows{
    Row{XS_DIRECTORY, list_children},
    Row{XS_READ, read_node},
    Row{XS_GET_PERMS, get_permissions},
    Row{XS_WATCH, watch, who_has_memory},
    Row{XS_UNWATCH, unwatch},
    Row{XS_TRANSACTION_START, start_transaction, who_has_memory},
    Row{XS_TRANSACTION_END, end_transaction},
    Row{XS_INTRODUCE, introduce_domain, toolstack},
    Row{XS_RELEASE, release_domain, toolstack},
    Row{XS_GET_DOMAIN_PATH, domain_path},
    Row{XS_WRITE, write_node, who_has_memory},
    Row{XS_MKDIR, make_node, who_has_memory},
    Row{XS_RM, remove_node},
    Row{XS_SET_PERMS, change_permissions, who_has_memory},
    Row{XS_IS_DOMAIN_INTRODUCED, is_introduced, toolstack},
    Row{XS_RESET_WATCHES, reset_watches},
    Row{XS_DIRECTORY_PART, list_part},
};

// A transaction keeps what it has seen.
bool keeps_memory(Row const& row, Request const& request) {
    return row.meant_for == who_has_memory ||
           (request.message.transaction != 0 && row.type != XS_TRANSACTION_END);
}

Result<> check_caller(Row const& row, Request const& request) {
    if (request.caller().privileged)
        return {};
    if (row.meant_for == toolstack)
        return Fail{Errno::access};
    if (keeps_memory(row, request) && !request.server.domains().has_memory_for_guests())
        return Fail{Errno::nomem};
    return {};
}

Result<std::string> run(Request& request) {
    auto const row = std::ranges::find(rows, request.message.type, &Row::type);
    if (row == rows.end())
        return Fail{Errno::nosys};
    TRY_VOID(check_caller(*row, request));
    auto reply = row->run(request);
    if (reply && !fits(reply->size()))
        return Fail{Errno::toobig};
    return reply;
}

}  // namespace

void answer(Server& server, Session& session, Message const& message) {
    Request request{server, session, message};
    auto reply = run(request);
    if (!reply) {
        session.outbox().reply(refusal(message, reply.error()));
        return;
    }
    session.outbox().reply({message.type, message.request, message.transaction, std::move(*reply)});
    if (request.first_event)
        session.outbox().event(request.first_event->path, request.first_event->token, false);
}

}  // namespace xenstore
