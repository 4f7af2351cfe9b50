package dev.quiver.cluster.security;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Who calls, once that is proven.
///
/// @param name for people; the same for all that show the same proof
/// @param rights what it may do
public record Caller(String name, Set<Right> rights) {
    /// Where nobody has to prove anything: on a machine of one's own.
    public static final Caller ANYBODY = new Caller("somebody", EnumSet.allOf(Right.class));

    public Caller {
        rights = Set.copyOf(rights);
    }

    static Caller client(String name, Role role) {
        return new Caller(name, role.rights());
    }

    static Caller node(String name) {
        return new Caller("node " + name, EnumSet.of(Right.READ, Right.SUBMIT, Right.WORK));
    }

    /// Who has a certificate of the cluster's authority, which has been looked at; empty when it
    /// doesn't say so.
    public static Optional<Caller> of(X509Certificate certificate) {
        var shown = new PeerCertificate(certificate);
        if (shown.isNode()) return Optional.of(node(shown.name()));
        return shown.role().map(role -> client(shown.name(), role));
    }

    /// This caller, who has shown two proofs.
    Caller and(Caller other) {
        var both = EnumSet.copyOf(rights);
        both.addAll(other.rights);
        return new Caller(name, both);
    }

    public boolean may(Right right) {
        return rights.contains(right);
    }

    /// @throws QuiverException ACCESS_DENIED when it may not
    public void require(Right right) {
        if (may(right)) return;
        String fix =
                right == Right.WORK
                        ? "use the certificate of a node, which 'quiver certs --node' makes"
                        : "use a token of the role %s, which 'quiver certs --client NAME=%s' makes"
                                .formatted(role(right).text(), role(right).text());
        throw new QuiverException(
                ErrorCode.ACCESS_DENIED,
                "%s may not %s".formatted(name, right.verb()),
                List.of("may: " + String.join("; ", names())),
                fix);
    }

    /// The least that has it.
    private static Role role(Right right) {
        return Stream.of(Role.values())
                .filter(role -> role.rights().contains(right))
                .findFirst()
                .orElse(Role.ADMIN);
    }

    private List<String> names() {
        return rights.stream().sorted().map(right -> right.verb()).toList();
    }
}
