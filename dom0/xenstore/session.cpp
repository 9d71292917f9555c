// SPDX-License-Identifier: MIT
#include "dom0/xenstore/session.hpp"

namespace xenstore {

Result<u32> Session::begin(Tree& tree) {
    if (!caller_.privileged && transactions_.size() >= quota::transactions)
        return Fail{Errno::nospc};
    do
        ++last_transaction_;
    while (last_transaction_ == 0 || transactions_.contains(last_transaction_));
    transactions_.emplace(last_transaction_, std::make_unique<Transaction>(tree));
    return last_transaction_;
}

Result<View*> Session::view(Tree& tree, u32 transaction) {
    if (transaction == 0)
        return &tree;
    auto const it = transactions_.find(transaction);
    if (it == transactions_.end())
        return Fail{Errno::noent};
    return it->second.get();
}

Result<> Session::end(u32 transaction, bool commit) {
    auto const it = transactions_.find(transaction);
    if (it == transactions_.end())
        return Fail{Errno::noent};
    auto const ended = std::move(it->second);
    transactions_.erase(it);
    return commit ? ended->commit(caller_) : Result<>{};
}

void Session::deliver(Change const& change) {
    watches_.changed(caller_, change, event_sink());
}
void Session::deliver_special(std::string_view path) {
    watches_.special(path, event_sink());
}

WatchList::Fire Session::event_sink() {
    return [this](std::string_view path, std::string_view token) {
        outbox_.event(path, token, !caller_.privileged);
    };
}

}  // namespace xenstore
