package dev.quiver.cluster.security;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The authority of one cluster, in a directory of its owner: makes certificates of nodes and
/// clients, and tokens of clients.
///
/// The directory has `ca.pem`, `ca-key.pem`, the list `clients`, and a directory for each node and
/// client with all that it needs. Whoever has `ca-key.pem` can let anybody join the cluster.
public final class CertificateAuthority {
    /// Certificates of nodes and clients are good for so long.
    private static final int DAYS = 825;

    private static final int CA_DAYS = 3650;
    private static final int SECRET_BYTES = 32;
    private static final String CA = "ca.pem";
    private static final String CA_KEY = "ca-key.pem";
    private static final String CLIENTS = "clients";
    private static final String CERTIFICATE = "certificate.pem";
    private static final String KEY = "key.pem";
    private static final String TOKEN = "token";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,250}");
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1");
    private static final String SIGNATURES = "ku:critical=digitalSignature";

    private final Path directory;
    private final Keytool keytool;
    private final Keytool.Pair authority;

    private CertificateAuthority(Path directory) throws IOException, GeneralSecurityException {
        this.directory = directory;
        OwnerFile.directory(directory);
        this.keytool = new Keytool(directory, secret());
        Path ca = directory.resolve(CA);
        if (!Files.exists(ca)) {
            var wish =
                    new Keytool.Wish(
                            "CN=Quiver cluster",
                            CA_DAYS,
                            List.of("bc:critical=ca:true", "ku:critical=keyCertSign"));
            Keytool.Pair made = keytool.selfSigned(wish);
            OwnerFile.write(directory.resolve(CA_KEY), Pem.text(made.key()));
            OwnerFile.write(ca, Pem.text(made.certificate()));
        }
        this.authority =
                new Keytool.Pair(
                        Pem.certificates(ca, "the certificate of the authority").getFirst(),
                        Pem.key(directory.resolve(CA_KEY)));
    }

    /// The authority of a directory; a new one when it has none.
    ///
    /// @throws QuiverException IO_FAILED when the directory can't be used, CONFIG_INVALID when it
    ///   holds something else
    public static CertificateAuthority in(Path directory) {
        try {
            return new CertificateAuthority(directory);
        } catch (IOException | GeneralSecurityException e) {
            throw failed(directory, e);
        }
    }

    private static QuiverException failed(Path directory, Exception cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "can't make certificates in " + directory,
                List.of("cause: " + cause),
                "see that the directory can be written to, and that this JDK has its keytool",
                cause);
    }

    /// Makes what a node needs, unless that is there.
    ///
    /// @param hosts what others call its machine: names or addresses; the first also names its
    ///   directory
    /// @return its directory
    /// @throws QuiverException ARGUMENT_INVALID for what is no host, TARGET_EXISTS when the node is
    ///   there with fewer hosts
    public Path node(List<String> hosts) {
        String name = hosts.getFirst().replace(':', '-');
        requireName(name, "a node");
        var all = new LinkedHashSet<>(hosts);
        all.addAll(LOOPBACK);
        List<String> names = all.stream().map(CertificateAuthority::alternative).toList();
        var wish =
                new Keytool.Wish(
                        "CN=" + name,
                        DAYS,
                        List.of(
                                SIGNATURES,
                                "eku=serverAuth,clientAuth",
                                "san=" + String.join(",", names)));
        Path folder = issue(name, wish);
        PeerCertificate issued = issued(folder);
        for (String host : hosts) if (!issued.isFor(host)) throw other(folder, "for " + host);
        return folder;
    }

    /// Makes what a client needs, unless that is there.
    ///
    /// @return its directory
    /// @throws QuiverException ARGUMENT_INVALID for what is no name, TARGET_EXISTS when the client
    ///   is there with another role
    public Path client(String name, Role role) {
        requireName(name, "a client");
        var wish =
                new Keytool.Wish(
                        "CN=%s,OU=%s".formatted(name, role.text()),
                        DAYS,
                        List.of(SIGNATURES, "eku=clientAuth"));
        Path folder = issue(name, wish);
        if (!issued(folder).role().equals(Optional.of(role)))
            throw other(folder, "of the role " + role.text());
        Path token = folder.resolve(TOKEN);
        try {
            if (Files.exists(token)) return folder;
            String secret = secret();
            String before = Files.exists(clients()) ? OwnerFile.read(clients(), "the clients") : "";
            OwnerFile.write(clients(), before + ClientList.line(name, role, secret) + "\n");
            OwnerFile.write(token, secret + "\n");
            return folder;
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private static PeerCertificate issued(Path folder) {
        return new PeerCertificate(
                Pem.certificates(folder.resolve(CERTIFICATE), "a certificate").getFirst());
    }

    private static QuiverException other(Path folder, String wanted) {
        return new QuiverException(
                ErrorCode.TARGET_EXISTS,
                "%s is there, and isn't %s".formatted(folder, wanted),
                List.of(),
                "delete it (a client's line in the file 'clients', too) to have it made anew");
    }

    /// The list of clients, which a scheduler needs; it is there once a client was made.
    public Path clients() {
        return directory.resolve(CLIENTS);
    }

    private static void requireName(String name, String whose) {
        if (NAME.matcher(name).matches() && !List.of(CA, CA_KEY, CLIENTS).contains(name)) return;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' can't be the name of %s".formatted(name, whose),
                List.of(),
                "use letters, digits, '.', '_' and '-'");
    }

    private static String alternative(String host) {
        if (ADDRESS.matcher(host).matches()) return "ip:" + host;
        if (HOST.matcher(host).matches()) return "dns:" + host;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' is no host".formatted(host),
                List.of(),
                "give names or addresses, such as node1.example.org,10.0.0.5");
    }

    private Path issue(String name, Keytool.Wish wish) {
        Path folder = directory.resolve(name);
        try {
            OwnerFile.directory(folder);
            if (!Files.exists(folder.resolve(CERTIFICATE))) {
                Keytool.Pair made = keytool.signed(authority, wish);
                OwnerFile.write(folder.resolve(KEY), Pem.text(made.key()));
                OwnerFile.write(folder.resolve(CERTIFICATE), Pem.text(made.certificate()));
                OwnerFile.write(folder.resolve(CA), Pem.text(authority.certificate()));
            }
            return folder;
        } catch (IOException | GeneralSecurityException e) {
            throw failed(directory, e);
        }
    }

    private static String secret() {
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
