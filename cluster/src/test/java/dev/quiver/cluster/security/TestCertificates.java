package dev.quiver.cluster.security;

import dev.quiver.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The certificates of a cluster on this machine, and of one that it has nothing to do with.
///
/// @param node of the cluster: its directory
/// @param submitter a client that may submit, as others here a directory
/// @param stranger a node of the other cluster
public record TestCertificates(
        Path clients, Path node, Path submitter, Path reader, Path admin, Path stranger) {
    public static TestCertificates in(Path directory) {
        return in(directory, List.of("node1"));
    }

    /// @param hosts those of the cluster's node, which may be several
    public static TestCertificates in(Path directory, List<String> hosts) {
        var authority = CertificateAuthority.in(directory.resolve("certs"));
        Path submitter = authority.client("ada", Role.SUBMIT);
        return new TestCertificates(
                authority.clients(),
                authority.node(hosts),
                submitter,
                authority.client("rita", Role.READ),
                authority.client("root", Role.ADMIN),
                CertificateAuthority.in(directory.resolve("others")).node(List.of("node1")));
    }

    /// What a node shows and believes that was set up from a directory.
    public Credentials node(Path directory) {
        Map<String, String> entries = certificate(directory);
        entries.put("cluster.clients", clients.toString());
        return credentials(entries);
    }

    /// The settings of nodes as variables of the environment.
    public Map<String, String> environment() {
        var environment = new LinkedHashMap<String, String>();
        certificate(node)
                .forEach((key, value) ->
                        environment.put(
                                "QUIVER_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return environment;
    }

    /// What a client shows and believes that has the token of a directory.
    public Credentials client(Path directory) {
        return credentials(
                Map.of(
                        "cluster.tls.ca",
                        directory.resolve("ca.pem").toString(),
                        "cluster.token.file",
                        directory.resolve("token").toString()));
    }

    /// What somebody shows and believes that has the certificate of a directory.
    public Credentials certified(Path directory) {
        return credentials(certificate(directory));
    }

    /// Believes the cluster, and shows what another one's node has.
    public Credentials intruder() {
        Map<String, String> entries = certificate(stranger);
        entries.put("cluster.tls.ca", node.resolve("ca.pem").toString());
        return credentials(entries);
    }

    /// Believes the cluster, and shows nothing.
    public Credentials nobody() {
        return credentials(Map.of("cluster.tls.ca", node.resolve("ca.pem").toString()));
    }

    /// The settings that make [#certificate] of a directory.
    private static Map<String, String> certificate(Path directory) {
        var entries = new LinkedHashMap<String, String>();
        entries.put("cluster.tls.ca", directory.resolve("ca.pem").toString());
        entries.put("cluster.tls.certificate", directory.resolve("certificate.pem").toString());
        entries.put("cluster.tls.key", directory.resolve("key.pem").toString());
        return entries;
    }

    public static String token(Path directory) throws java.io.IOException {
        return Files.readString(directory.resolve("token")).strip();
    }

    public static Credentials credentials(Map<String, String> entries) {
        return Credentials.of(Settings.defaults().with(entries, "a test"));
    }
}
