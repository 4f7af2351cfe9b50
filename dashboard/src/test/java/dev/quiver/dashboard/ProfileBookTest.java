package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Samples are counted by the second, and only so many are remembered.
final class ProfileBookTest {
    private final ProfileBook book = new ProfileBook();

    @Test
    void samples_of_some_seconds_are_told_as_a_tree() {
        book.add(100, List.of("filter", "A.a:1"));
        book.add(101, List.of("filter", "A.a:1", "B.b:2"));
        book.add(101, List.of("filter", "A.a:7"));
        book.add(102, List.of("sort"));

        ProfileNode some = book.between(101, 102, UnaryOperator.identity());
        ProfileNode methods = book.between(0, 200, name -> name.replaceFirst(":\\d+$", ""));

        assertThat(some.samples()).isEqualTo(2);
        assertThat(some.calls().get("filter").calls()).containsOnlyKeys("A.a:1", "A.a:7");
        assertThat(methods.samples()).isEqualTo(4);
        assertThat(methods.calls().get("filter").calls().get("A.a").samples()).isEqualTo(3);
        assertThat(book.counts())
                .containsExactly(
                        new ProfileBook.Count(100, 1),
                        new ProfileBook.Count(101, 2),
                        new ProfileBook.Count(102, 1));
    }

    @Test
    void what_is_older_than_some_minutes_goes() {
        for (int second = 0; second < 2 * ProfileBook.SECONDS_MAX; second++)
            book.add(second, List.of("sort"));

        assertThat(book.counts()).hasSize(ProfileBook.SECONDS_MAX);
        assertThat(book.between(0, Long.MAX_VALUE, UnaryOperator.identity()).samples())
                .isEqualTo(ProfileBook.SECONDS_MAX);
    }

    @Test
    void what_comes_after_too_many_stacks_is_counted_together() {
        for (int i = 0; i < ProfileBook.STACKS_MAX + 50; i++) book.add(1, List.of("stack " + i));

        ProfileNode all = book.between(0, 2, UnaryOperator.identity());

        assertThat(all.samples()).isEqualTo(ProfileBook.STACKS_MAX + 50);
        assertThat(all.calls().get("others, of too many stacks").samples()).isEqualTo(50);
    }
}
