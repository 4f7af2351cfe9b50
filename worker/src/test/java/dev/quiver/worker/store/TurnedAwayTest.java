package dev.quiver.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.worker.store.TurnedAway.BadRow;
import org.junit.jupiter.api.Test;

/// What is told of rows that were turned away is small, and read as it was written.
final class TurnedAwayTest {
    @Test
    void all_rows_are_counted_and_the_first_are_told() {
        var counting = new TurnedAway.Counting();
        for (int i = 1; i <= 100; i++)
            counting.add(
                    new BadRow("a.csv", i, "amount", i % 4 == 0 ? "fourth" : "other", i + ",x"));

        TurnedAway read = TurnedAway.of(counting.told().text());

        assertThat(read).isEqualTo(counting.told());
        assertThat(read.rules()).containsEntry("fourth", 25L).containsEntry("other", 75L);
        assertThat(read.first().stream().map(BadRow::row).toList()).containsExactly(1L, 2L, 4L, 8L);
        assertThat(read.first().getFirst())
                .isEqualTo(new BadRow("a.csv", 1, "amount", "other", "1,x"));
    }

    @Test
    void long_texts_are_clipped_and_ends_of_lines_are_spaces() {
        var counting = new TurnedAway.Counting();
        counting.add(new BadRow("", 0, "", "a\trule", "a\n\"b\"\r\n" + "😀".repeat(1_000)));

        TurnedAway read = TurnedAway.of(counting.told().text());

        assertThat(read.rules()).containsOnlyKeys("a rule");
        String raw = read.first().getFirst().raw();
        assertThat(raw).startsWith("a \"b\"  😀").endsWith("😀…");
        assertThat(raw.codePointCount(0, raw.length())).isEqualTo(301);
    }
}
