package dev.quiver.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was said to a ledger is there whatever happens behind it, and nothing else is.
final class LedgerTest {
    private static final RunKey KEY =
            new RunKey(
                    new TreeMap<>(Map.of("year", "2013")),
                    "2013-01-01T00:00:00Z",
                    List.of("Filter[…]", "  ScanCsv[…]"),
                    List.of(new RunKey.Read(List.of("in/*.csv"), List.of("/in/ä.csv"))),
                    List.of(new FileVersion("/in/ä.csv", 7, 1_384_000_000_123_456_789L)),
                    List.of("ä.csv, bytes 0 to 7", "b"));

    @TempDir private Path directory;

    private Ledger open() {
        return Ledger.open(new LocalDisk(), directory, "pipeline 'x'");
    }

    private static StagedFile file(int unit) {
        return new StagedFile(
                "/out",
                "part-%05d".formatted(unit),
                "/t" + unit,
                unit,
                10,
                StagedFile.Kind.ROWS,
                0);
    }

    @Test
    void what_was_said_is_there_after_opening_again() {
        try (Ledger ledger = open()) {
            ledger.start(KEY);
            ledger.unitDone(1, List.of(file(1)));
            ledger.note("seen", "a");
            ledger.note("seen", "b");
            ledger.publishing();
        }

        try (Ledger ledger = open()) {
            Ledger.Run run = ledger.unfinished().orElseThrow();
            assertThat(run.number()).isEqualTo(1);
            assertThat(run.key()).isEqualTo(KEY);
            assertThat(run.files()).isEqualTo(Map.of(1, List.of(file(1))));
            assertThat(run.phase()).isEqualTo(Ledger.Phase.PUBLISHING);
            assertThat(ledger.note("seen")).contains("b");
        }
    }

    @Test
    void a_ledger_of_finished_runs_doesnt_grow_and_counts_on() throws IOException {
        long size = 0;
        for (int run = 1; run <= 3; run++) {
            try (Ledger ledger = open()) {
                assertThat(ledger.nextRun()).isEqualTo(run);
                ledger.start(KEY);
                for (int unit = 0; unit < 50; unit++) ledger.unitDone(unit, List.of(file(unit)));
                ledger.finish();
                assertThat(ledger.last())
                        .contains(new LedgerRecord.Finished(run, 50, 49 * 50 / 2, 0));
            }
            if (run == 1) size = Files.size(directory.resolve("ledger.log"));
        }
        assertThat(Files.size(directory.resolve("ledger.log"))).isEqualTo(size);
    }

    @Test
    void a_log_cut_anywhere_holds_the_records_before_the_cut() throws IOException {
        try (Ledger ledger = open()) {
            ledger.start(KEY);
            for (int unit = 0; unit < 3; unit++) ledger.unitDone(unit, List.of(file(unit)));
        }
        byte[] whole = Files.readAllBytes(directory.resolve("ledger.log"));

        int before = 3;
        for (int length = whole.length; length >= 0; length--) {
            byte[] cut = Arrays.copyOf(whole, length);
            Files.write(directory.resolve("ledger.log"), cut);
            try (Ledger ledger = open()) {
                int units = ledger.unfinished().map(Ledger.Run::doneCount).orElse(-1);
                assertThat(units).isBetween(before - 1, before);
                before = units;
                if (units >= 0) ledger.unitDone(9, List.of());
            }
            try (Ledger ledger = open()) {
                if (before >= 0) assertThat(ledger.unfinished().orElseThrow().isDone(9)).isTrue();
            }
        }
        assertThat(before).isEqualTo(-1);
    }

    @Test
    void zeros_behind_the_records_are_what_a_crash_left() throws IOException {
        try (Ledger ledger = open()) {
            ledger.start(KEY);
        }
        Path log = directory.resolve("ledger.log");
        byte[] whole = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(whole, whole.length + 4096));

        try (Ledger ledger = open()) {
            assertThat(ledger.unfinished()).isPresent();
        }
        assertThat(Files.readAllBytes(log)).isEqualTo(whole);
    }

    @Test
    void a_flipped_bit_before_other_records_is_said_and_nothing_is_guessed() throws IOException {
        long seed = Long.getLong("seed", new Random().nextLong());
        try (Ledger ledger = open()) {
            ledger.start(KEY);
            ledger.unitDone(0, List.of(file(0)));
        }
        Path log = directory.resolve("ledger.log");
        byte[] whole = Files.readAllBytes(log);
        int keyEnd = 16 + 8 + ByteBuffer.wrap(whole).getInt(16);

        var random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            byte[] flipped = whole.clone();
            // The length itself is left out: a wrong one may look like a torn end.
            int at = 20 + random.nextInt(keyEnd - 20);
            flipped[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(log, flipped);

            assertThatThrownBy(this::open)
                    .as("seed %d, byte %d", seed, at)
                    .isInstanceOfSatisfying(
                            QuiverException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CORRUPT))
                    .hasMessageContaining("is damaged at byte 16");
        }
    }

    @Test
    void a_ledger_of_a_later_format_is_refused() throws IOException {
        open().close();
        Path log = directory.resolve("ledger.log");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(log)).putInt(8, 2);
        var crc = new java.util.zip.CRC32C();
        crc.update(bytes.array(), 0, 12);
        bytes.putInt(12, (int) crc.getValue());
        Files.write(log, bytes.array());

        assertThatThrownBy(this::open)
                .hasMessageContaining("has format 2, and this Quiver knows format 1")
                .hasMessageContaining("(UNSUPPORTED)");
    }

    @Test
    void two_cannot_hold_one_ledger() {
        try (Ledger _ = open()) {
            assertThatThrownBy(this::open)
                    .hasMessageContaining("pipeline 'x' is running in this process   (UNAVAILABLE)")
                    .hasMessageContaining("wait until that run has ended");
        }
        open().close();
    }

    @Test
    void a_record_whose_write_failed_is_appended_again_in_its_place() {
        var disk =
                new TroubledDisk(
                        new TroubledDisk.Trouble() {
                            private int left = 1;

                            @Override
                            public void before(long step, String what) throws IOException {
                                if (!what.startsWith("write ") || step < 6 || left-- <= 0) return;
                                throw new IOException("No space left on device");
                            }

                            @Override
                            public int torn(long step, int bytes) {
                                return step >= 6 && left > 0 ? bytes / 2 : -1;
                            }
                        });
        try (Ledger ledger = Ledger.open(disk, directory, "pipeline 'x'")) {
            ledger.start(KEY);
            assertThatThrownBy(() -> ledger.unitDone(0, List.of(file(0))))
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining("(IO_FAILED)");
            assertThat(ledger.unfinished().orElseThrow().isDone(0)).isFalse();
            ledger.unitDone(1, List.of(file(1)));
        }

        try (Ledger ledger = open()) {
            assertThat(ledger.unfinished().orElseThrow().files()).containsOnlyKeys(1);
        }
    }
}
