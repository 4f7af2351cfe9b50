package dev.quiver.pipeline.history;

import dev.quiver.io.WholeFile;
import dev.quiver.io.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Where the ledgers of a working directory are: below `.quiver/ledger`, and others that a command
/// of Quiver's wrote down. Not for users.
///
/// @param directory the working directory
public record LedgerPlaces(Path directory) {
    /// Set by commands that write down where ledgers are: the working directory.
    public static final String PROPERTY = "quiver.ledgers";

    private static final String NOTED = "ledgers";

    /// Where this process writes down ledgers; empty when it doesn't.
    public static Optional<LedgerPlaces> ofProcess() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(Path::of)
                .map(LedgerPlaces::new);
    }

    private Path home() {
        return directory.resolve(".quiver").toAbsolutePath().normalize();
    }

    /// Writes down where a ledger is, unless it is known, and forgets those that went.
    void add(Path ledger) throws IOException {
        Path usual = home().resolve("ledger");
        List<String> noted = noted();
        if (ledger.startsWith(usual) || noted.contains(ledger.toString())) return;
        var kept = new ArrayList<String>();
        for (String text : noted)
            if (Stores.isRemote(text) || Files.isDirectory(Path.of(text))) kept.add(text);
        kept.add(ledger.toString());
        Files.createDirectories(home());
        String text = String.join("\n", kept) + "\n";
        WholeFile.replace(home().resolve(NOTED), text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> noted() throws IOException {
        Path file = home().resolve(NOTED);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /// All ledgers with a history.
    public List<Path> all() throws IOException {
        Set<Path> all = new LinkedHashSet<>(below(home().resolve("ledger")));
        for (String text : noted()) if (!text.isBlank()) all.addAll(below(Stores.path(text)));
        return List.copyOf(all);
    }

    /// The directory when it is a ledger with a history, and those in it that are.
    public static List<Path> below(Path directory) throws IOException {
        var found = new ArrayList<Path>();
        if (Stores.isRemote(directory)) return List.of(directory);
        if (Files.exists(directory.resolve(History.FILE))) found.add(directory);
        if (!Files.isDirectory(directory)) return found;
        try (Stream<Path> inside = Files.list(directory)) {
            inside.filter(path -> Files.exists(path.resolve(History.FILE)))
                    .sorted()
                    .forEach(found::add);
        }
        return found;
    }
}
