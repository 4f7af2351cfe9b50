package dev.quiver.deploy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A format of files that commands read and write.
enum FileKind {
    CSV(".csv", ".txt"),
    TSV(".tsv", ".tab"),
    JSONL(".jsonl", ".ndjson"),
    JSON(".json"),
    PARQUET(".parquet", ".parq", ".pq"),
    ARROW(".arrow", ".feather", ".ipc"),
    ARROWS(".arrows"),
    EXCEL(".xlsx", ".xlsm");

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> suffixes;

    FileKind(String... suffixes) {
        this.suffixes = List.of(suffixes);
    }

    /// The format that a file's name tells, with or without `.gz`, `.zst` or `.bz2` behind it.
    static Optional<FileKind> of(String file) {
        String name = file.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst|bz2)$", "");
        for (FileKind kind : values()) {
            if (kind.suffixes.stream().anyMatch(name::endsWith)) return Optional.of(kind);
        }
        return Optional.empty();
    }

    /// The ending of a file of this format.
    String suffix() {
        return suffixes.getFirst();
    }
}
