package dev.quiver.cluster.security;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who may connect to a scheduler, and as what: a file of lines `NAME ROLE sha256:…`, the last
/// being the hash of the client's token. The tokens themselves are nowhere but with their clients.
public final class ClientList {
    private static final Pattern LINE =
            Pattern.compile("(?<name>\\S+)\\s+(?<role>\\S+)\\s+sha256:(?<hash>[0-9a-f]{64})");
    private static final String COMMENT = "#";

    /// Nobody.
    public static final ClientList EMPTY = new ClientList(List.of());

    private final List<Entry> entries;

    private static final class Entry {
        private final String name;
        private final Role role;
        private final byte[] hash;

        private Entry(String name, Role role, byte[] hash) {
            this.name = name;
            this.role = role;
            this.hash = hash;
        }
    }

    private ClientList(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /// @throws QuiverException CONFIG_INVALID when it can't be read, others than its owner may read
    ///   it, or a line is malformed
    public static ClientList read(Path file) {
        var entries = new ArrayList<Entry>();
        int number = 0;
        for (String line : OwnerFile.read(file, "the list of clients").lines().toList()) {
            number++;
            String content = line.strip();
            if (content.isEmpty() || content.startsWith(COMMENT)) continue;
            Matcher matcher = LINE.matcher(content);
            Optional<Role> role =
                    matcher.matches() ? Role.of(matcher.group("role")) : Optional.empty();
            if (role.isEmpty())
                throw new QuiverException(
                        ErrorCode.CONFIG_INVALID,
                        "line %d of the list of clients is malformed".formatted(number),
                        List.of("file: " + file.toAbsolutePath(), "roles: " + Role.texts()),
                        "write 'NAME ROLE sha256:…', or have 'quiver certs --client' do it");
            entries.add(
                    new Entry(
                            matcher.group("name"),
                            role.get(),
                            HexFormat.of().parseHex(matcher.group("hash"))));
        }
        return new ClientList(entries);
    }

    /// The line of a client.
    static String line(String name, Role role, String token) {
        return "%s %s sha256:%s"
                .formatted(name, role.text(), HexFormat.of().formatHex(hash(token)));
    }

    /// Whose token that is; takes the same time for all that are wrong.
    public Optional<Caller> owner(String token) {
        byte[] hash = hash(token);
        Optional<Caller> owner = Optional.empty();
        for (Entry entry : entries)
            if (MessageDigest.isEqual(entry.hash, hash))
                owner = Optional.of(Caller.client(entry.name, entry.role));
        return owner;
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }
}
