package dev.quiver.deploy;

import dev.quiver.client.Session;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.FrameWriter;
import dev.quiver.dataframe.Written;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of `quiver convert` that say how the output is written, and what it does.
///
/// Standard input is spooled to a temporary file, since formats with a footer can't be read from a
/// pipe; standard output gets the bytes of a temporary file once it is complete.
final class Conversion {
    /// Standard input or output.
    static final String PIPE = "-";

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            description = "The output's format, where its name doesn't tell.")
    private @Nullable FileKind to;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            description =
                    "snappy, zstd or none for Parquet, zstd or none for Arrow, gzip, zstd or none"
                            + " for text (default: as the name ends, .gz or .zst).")
    private String compression = "";

    @Option(
            names = "--out-delimiter",
            paramLabel = "CHAR",
            description = "What separates the fields of the CSV that is written.")
    private char outDelimiter;

    @Option(
            names = "--out-escape",
            paramLabel = "CHAR",
            description =
                    "What stands before a quote inside quotes of the CSV that is written (default:"
                            + " another quote).")
    private char outEscape;

    @Option(names = "--no-out-header", description = "Write CSV without a line of names.")
    private boolean noOutHeader;

    @Option(names = "--overwrite", description = "Replace the output where it is there already.")
    private boolean overwrite;

    void run(
            Session session,
            Reading reading,
            String in,
            String out,
            InputStream input,
            PrintStream output) {
        FileKind kind = kind(out);
        Path spool = null;
        Path made = null;
        try {
            String source = in;
            if (in.equals(PIPE)) {
                spool = Files.createTempFile("quiver-in-", reading.pipeKind().suffix());
                try (var into = Files.newOutputStream(spool)) {
                    input.transferTo(into);
                }
                source = spool.toString();
            }
            DataFrame frame = reading.read(session, source);
            if (!out.equals(PIPE)) {
                tell(write(frame.write(), kind, out), out);
                return;
            }
            made = Files.createTempDirectory("quiver-out-");
            Path file = made.resolve("out" + kind.suffix());
            write(frame.write(), kind, file.toString());
            Files.copy(file, output);
            output.flush();
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "converting %s to %s failed: %s".formatted(in, out, e),
                    List.of(),
                    "check the space on the disk of the directory for temporary files",
                    e);
        } finally {
            delete(spool);
            if (made != null) {
                for (FileKind each : FileKind.values()) delete(made.resolve("out" + each.suffix()));
                delete(made);
            }
        }
    }

    private static void delete(@Nullable Path path) {
        if (path == null) return;
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            System.err.println("left behind: " + path + " (" + e.getMessage() + ")");
        }
    }

    private FileKind kind(String out) {
        Optional<FileKind> told = Optional.ofNullable(to).or(() -> FileKind.of(out));
        return told.orElseThrow(() ->
                Complaints.usage(
                        "the format of '%s' isn't known".formatted(out),
                        List.of("in: quiver convert"),
                        "say --to csv, tsv, jsonl, parquet, arrow or arrows, or give the"
                                + " output a name that ends so"));
    }

    private Written write(FrameWriter plain, FileKind kind, String path) {
        FrameWriter writer = overwrite ? plain.overwrite() : plain;
        String codec = compression;
        String name = path.toLowerCase(Locale.ROOT);
        if (codec.isEmpty() && name.endsWith(".gz")) codec = "gzip";
        if (codec.isEmpty() && name.endsWith(".zst")) codec = "zstd";
        if (!codec.isEmpty()) writer = writer.compression(codec);
        char delimiter = outDelimiter;
        if (delimiter == 0) delimiter = kind == FileKind.TSV ? '\t' : ',';
        return switch (kind) {
            case CSV, TSV -> csv(writer.delimiter(delimiter)).csv(path);
            case JSON, JSONL -> writer.jsonl(path);
            case PARQUET -> writer.parquet(path);
            case ARROW -> writer.arrow(path);
            case ARROWS -> writer.arrowStream(path);
            case EXCEL ->
                    throw Complaints.usage(
                            "'%s' would be an Excel workbook, which isn't written".formatted(path),
                            List.of("in: quiver convert"),
                            "write CSV, which spreadsheet programs open");
        };
    }

    private FrameWriter csv(FrameWriter plain) {
        FrameWriter writer = plain.header(!noOutHeader);
        return outEscape == 0 ? writer : writer.escape(outEscape);
    }

    private static void tell(Written written, String out) {
        System.err.printf(
                Locale.ROOT,
                "%,d rows, %s in %s%n",
                written.rows(),
                ByteSize.text(written.bytes()),
                out);
    }
}
