package dev.quiver.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DictionarySetTest {
    private static final long LIMIT = 16L << 20;

    private final MemoryPool pool = new MemoryPool(LIMIT);
    private final MemoryAccount account = pool.account(new Owner("session", "Dictionaries", -1));
    private final DictionarySet set = new DictionarySet(account);

    @AfterEach
    void nothing_is_left() {
        set.close();
        account.close();
        pool.close();
    }

    /// Values of about a MiB.
    private static void fill(Dictionary dictionary) {
        String tail = "x".repeat(1000);
        for (int i = 0; i < 1000; i++) dictionary.add(i + tail);
    }

    @Test
    void partitions_of_a_scan_share_a_columns_dictionary_and_what_encoders_learned() {
        DictionaryEncoder encoder;
        try (ScanDictionaries first = set.open("a.csv");
                ScanDictionaries second = set.open("a.csv")) {
            encoder = first.encoder("name");

            assertThat(second.dictionary("name")).isSameAs(first.dictionary("name"));
            assertThat(second.encoder("name")).isNotSameAs(encoder);
        }
        try (ScanDictionaries third = set.open("a.csv")) {
            assertThat(List.of(third.encoder("name"), third.encoder("name"))).contains(encoder);
        }
    }

    @Test
    void dictionaries_that_no_reader_has_open_take_a_sixteenth_of_the_budget_at_most() {
        for (int i = 0; i < 40; i++) {
            try (ScanDictionaries scan = set.open(i + ".csv")) {
                fill(scan.dictionary("name"));
            }
        }

        assertThat(pool.usedBytes()).isLessThanOrEqualTo(LIMIT / 16);
    }

    @Test
    void dictionaries_that_no_reader_has_open_go_when_their_memory_is_wanted() {
        try (ScanDictionaries scan = set.open("idle.csv")) {
            scan.dictionary("name").add("a");
        }
        try (ScanDictionaries open = set.open("open.csv")) {
            Dictionary used = open.dictionary("name");
            used.add("b");
            long idle = pool.usedBytes() - used.bytes();

            try (MemoryAccount other = pool.account(new Owner("q", "Sort", 0))) {
                other.reserve(LIMIT - used.bytes());
            }

            assertThat(idle).isPositive();
            assertThat(used.find("b")).isZero();
            assertThat(pool.usedBytes()).isEqualTo(used.bytes());
        }
    }

    @Test
    void pinned_values_outlive_their_dictionary() {
        ScanDictionaries scan = set.open("a.csv");
        Dictionary dictionary = scan.dictionary("name");
        dictionary.add("a");
        try (var values = dictionary.pin()) {
            scan.close();
            set.close();

            assertThat(values.get(0)).isEqualTo("a");
        }
    }
}
