package dev.quiver.cluster.security;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Decides who is let in at a port of Flight.
public interface Doorkeeper {
    /// Lets everybody in: where nothing is encrypted nobody can prove anything.
    Doorkeeper OPEN = visitor -> Caller.ANYBODY;

    /// Who that is.
    ///
    /// @throws QuiverException ACCESS_DENIED when it isn't let in
    Caller admit(Visitor visitor);

    /// Of a scheduler: nodes by their certificates, clients by their certificates or tokens.
    static Doorkeeper ofScheduler(ClientList clients) {
        return visitor -> {
            Optional<Caller> certified = visitor.certified();
            Optional<String> token = visitor.token();
            if (token.isEmpty())
                return certified.orElseThrow(() ->
                        denied(
                                "a caller without a token or a certificate of this cluster isn't"
                                        + " let in",
                                "set cluster.token.file to the token's file, or cluster.token to"
                                        + " the token"));
            Caller owner = clients.owner(token.get()).orElseThrow(Doorkeeper::nobodys);
            return certified.map(owner::and).orElse(owner);
        };
    }

    /// Of a worker: nodes by their certificates, clients by their sessions, and others by their
    /// tokens.
    ///
    /// @param isConnected asks the scheduler whether that is one of its clients
    /// @param owner asks the scheduler whose token that is; empty when it is nobody's
    static Doorkeeper ofWorker(
            Predicate<SessionProof> isConnected, Function<String, Optional<Caller>> owner) {
        return visitor -> {
            Optional<Caller> node = visitor.certified().filter(caller -> caller.may(Right.WORK));
            if (node.isPresent() && visitor.session().isEmpty()) return node.get();
            if (visitor.session().isEmpty()) {
                String token =
                        visitor.token()
                                .orElseThrow(() ->
                                        denied(
                                                "only nodes and clients of this cluster are let in",
                                                "connect to its scheduler, or show a token"));
                return owner.apply(token).orElseThrow(Doorkeeper::nobodys);
            }
            SessionProof session = visitor.session().get();
            if (isConnected.test(session))
                return Caller.client("client " + session.client(), Role.SUBMIT);
            throw denied("client %d isn't connected".formatted(session.client()), "connect again");
        };
    }

    private static QuiverException nobodys() {
        return denied(
                "the token is nobody's",
                "give the token that 'quiver certs --client' made for this cluster; its scheduler"
                        + " reads the list of clients when it starts");
    }

    private static QuiverException denied(String what, String fix) {
        return new QuiverException(ErrorCode.ACCESS_DENIED, what, List.of(), fix);
    }
}
