package dev.quiver.cluster.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SharedDictionariesTest {
    private static final int STAGE = 3;
    private static final int COLUMN = 1;

    private final MemoryPool pool = new MemoryPool(1 << 20);
    private final MemoryAccount account = pool.account(new Owner("test", "Words", -1));

    @AfterEach
    void nothing_is_left() {
        assertThat(pool.usedBytes()).isZero();
        pool.close();
    }

    /// Adds words as a stream brings them.
    ///
    /// @return their codes
    private static int[] add(SharedDictionaries.Target target, List<String> words) {
        byte[] text = String.join("", words).getBytes(StandardCharsets.UTF_8);
        var starts = new int[words.size() + 1];
        for (int i = 0; i < words.size(); i++) starts[i + 1] = starts[i] + words.get(i).length();
        byte[] padded = Arrays.copyOf(text, text.length + VariableColumn.PADDING_BYTES);
        var codes = new int[words.size()];
        target.add(starts, MemorySegment.ofArray(padded), codes, 0);
        return codes;
    }

    @Test
    void words_of_a_column_that_this_process_has_too_get_its_codes() {
        try (var own = new Dictionary(account)) {
            own.add("EWR");
            own.add("JFK");
            var shared =
                    new SharedDictionaries(
                            account,
                            (stage, column) -> stage == STAGE && column == COLUMN ? own : null);

            int[] codes;
            try (var target = shared.target(STAGE, COLUMN)) {
                codes = add(target, List.of("JFK", "LGA"));
                assertThat(target.dictionary()).isSameAs(own);
            }

            assertThat(codes).containsExactly(1, 2);
            assertThat(own.isOpen()).isTrue();
            assertThat(own.find("LGA")).isEqualTo(2);
        }
    }

    @Test
    void other_columns_have_a_dictionary_of_their_own_while_streams_bring_words() {
        try (var own = new Dictionary(account)) {
            var shared =
                    new SharedDictionaries(account, (_, column) -> column == COLUMN ? own : null);

            Dictionary made;
            try (var first = shared.target(STAGE, 0);
                    var second = shared.target(STAGE, 0)) {
                made = first.dictionary();
                assertThat(second.dictionary()).isSameAs(made).isNotSameAs(own);
                assertThat(add(first, List.of("a", "b"))).containsExactly(0, 1);
                assertThat(add(second, List.of("b", "c"))).containsExactly(1, 2);
            }

            assertThat(made.isOpen()).isFalse();
        }
    }
}
