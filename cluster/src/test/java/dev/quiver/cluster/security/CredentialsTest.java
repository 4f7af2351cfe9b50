package dev.quiver.cluster.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of certificates, keys, tokens and clients.
final class CredentialsTest {
    @TempDir private static Path directory;

    private static Path node;
    private static Path client;
    private static Path clients;

    @BeforeAll
    static void make() {
        var authority = CertificateAuthority.in(directory.resolve("certs"));
        node = authority.node(List.of("n1"));
        client = authority.client("ada", Role.SUBMIT);
        clients = authority.clients();
    }

    private static Path copy(Path file, String permissions) throws IOException {
        Path copy = Files.createTempFile(directory, "copy", "");
        Files.writeString(copy, Files.readString(file));
        return Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void what_others_may_read_is_no_secret() throws IOException {
        Path key = copy(node.resolve("key.pem"), "rw-r-----");
        Path list = copy(clients, "rw----r--");
        Path token = copy(client.resolve("token"), "rw-rw----");

        assertThatThrownBy(() -> Pem.key(key))
                .hasMessageContainingAll("may read or change the private key", "chmod 600");
        assertThatThrownBy(() -> ClientList.read(list))
                .hasMessageContaining("may read or change the list of clients");
        assertThatThrownBy(() ->
                        TestCertificates.credentials(
                                Map.of(
                                        "cluster.tls.ca",
                                        node.resolve("ca.pem").toString(),
                                        "cluster.token.file",
                                        token.toString())))
                .hasMessageContaining("may read or change the token");
    }

    @Test
    void certificates_hold_on_machines_whose_clocks_are_behind() throws Exception {
        Date behind = Date.from(Instant.now().minus(Duration.ofHours(23)));

        for (Path folder : List.of(node, client))
            for (String file : List.of("certificate.pem", "ca.pem"))
                for (X509Certificate each : Pem.certificates(folder.resolve(file), "it"))
                    each.checkValidity(behind);
    }

    @Test
    void a_token_is_its_client_s_and_a_longer_or_empty_one_nobody_s() throws IOException {
        ClientList list = ClientList.read(clients);
        String token = TestCertificates.token(client);

        assertThat(list.owner(token)).contains(Caller.client("ada", Role.SUBMIT));
        for (String wrong : List.of("", token + "x", token.substring(1), "ada"))
            assertThat(list.owner(wrong)).isEmpty();
    }

    @Test
    void a_line_that_makes_no_sense_is_named() throws IOException {
        Path list = copy(clients, "rw-------");
        for (String line : List.of("ada owner sha256:" + "0".repeat(64), "ada admin secret")) {
            Files.writeString(list, "# who may connect\n\n" + line + "\n");

            assertThatThrownBy(() -> ClientList.read(list))
                    .hasMessageContainingAll("line 3 of the list of clients", "quiver certs");
        }
    }

    @Test
    void a_certificate_without_its_own_key_is_refused() {
        assertThatThrownBy(() ->
                        Tls.of(
                                node.resolve("ca.pem"),
                                node.resolve("certificate.pem"),
                                client.resolve("key.pem")))
                .hasMessageContaining("don't go together");
        assertThatThrownBy(() -> Tls.of(client.resolve("token")))
                .hasMessageContaining("certificate of the cluster's authority isn't one");
        assertThatThrownBy(() ->
                        TestCertificates.credentials(
                                Map.of("cluster.token", "secret", "cluster.host", "h")))
                .hasMessageContainingAll("cluster.token is set, and cluster.tls.ca isn't")
                .hasMessageNotContaining("secret");
    }
}
