package dev.quiver.notebook.jjava;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Snippets and the cells that they were in.
final class CellNumbersTest {
    @Test
    void a_snippet_is_of_the_cell_that_loaded_it_last() {
        var next = new AtomicInteger(4);
        var numbers = new CellNumbers(Optional.of(next));
        numbers.loaded("REPL/$JShell$23");
        numbers.loaded("REPL/$JShell$24$Flight");
        next.set(8);
        numbers.loaded("REPL.$JShell$24B");

        assertThat(numbers.name("23")).contains("cell [3]");
        assertThat(numbers.name("24")).contains("cell [7]");
        assertThat(numbers.name("25")).isEmpty();
        assertThat(numbers.name("")).contains("cell [7]");
    }

    @Test
    void a_kernel_that_counts_elsewhere_names_none() {
        var numbers = new CellNumbers(Optional.empty());

        numbers.loaded("REPL/$JShell$23");

        assertThat(numbers.name("23")).isEmpty();
    }
}
