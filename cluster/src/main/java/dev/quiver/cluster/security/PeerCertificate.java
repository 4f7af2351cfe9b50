package dev.quiver.cluster.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// What a certificate of the cluster's authority says of who has it. A node's is for servers and
/// clients of TLS, a client's for clients alone: that is how they are told apart.
record PeerCertificate(X509Certificate certificate) {
    private static final String FOR_SERVERS = "1.3.6.1.5.5.7.3.1";
    private static final String FOR_CLIENTS = "1.3.6.1.5.5.7.3.2";
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    /// Whether who has it may be a node of the cluster.
    boolean isNode() {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            return uses != null && uses.contains(FOR_SERVERS) && uses.contains(FOR_CLIENTS);
        } catch (CertificateParsingException e) {
            throw new IllegalStateException("a certificate that was verified is malformed", e);
        }
    }

    /// The common name.
    String name() {
        return part("CN").orElse("nameless");
    }

    /// Of a client.
    Optional<Role> role() {
        return part("OU").flatMap(Role::of);
    }

    private Optional<String> part(String type) {
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns())
                if (part.getType().equals(type)) return Optional.of("" + part.getValue());
            return Optional.empty();
        } catch (InvalidNameException e) {
            throw new IllegalStateException("a certificate that was verified is malformed", e);
        }
    }

    /// The names and addresses that it is good for.
    List<String> hosts() {
        var hosts = new ArrayList<String>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) return hosts;
            for (List<?> name : names) {
                int type = (Integer) name.get(0);
                if (type == DNS || type == ADDRESS) hosts.add("" + name.get(1));
            }
        } catch (CertificateParsingException e) {
            throw new IllegalStateException("a certificate that was verified is malformed", e);
        }
        return hosts;
    }

    /// Whether others that call a host by this name believe it.
    boolean isFor(String host) {
        for (String known : hosts()) {
            if (known.equalsIgnoreCase(host) || isSameAddress(known, host)) return true;
            if (known.startsWith("*.")
                    && host.indexOf('.') > 0
                    && known.substring(1).equalsIgnoreCase(host.substring(host.indexOf('.'))))
                return true;
        }
        return false;
    }

    private static boolean isSameAddress(String known, String host) {
        boolean literal = known.indexOf(':') >= 0 || Character.isDigit(known.charAt(0));
        boolean asked = host.indexOf(':') >= 0 || Character.isDigit(host.charAt(0));
        if (!literal || !asked) return false;
        try {
            return InetAddress.getByName(known).equals(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return false; // a name that begins with a digit
        }
    }
}
