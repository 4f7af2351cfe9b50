package dev.quiver.notebook.jjava;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which cell a snippet of JShell was in: people know cells by the numbers beside them. Safe for
/// use by several threads.
final class CellNumbers {
    private static final Logger LOG = LoggerFactory.getLogger(CellNumbers.class);
    private static final Pattern CLASS = Pattern.compile("\\$JShell\\$(\\d+)");
    private static final int SNIPPETS_MAX = 10_000;

    private final Optional<AtomicInteger> next;
    private final Map<String, Integer> cells =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                    return size() > SNIPPETS_MAX;
                }
            };

    /// @param next the number of the next cell; empty where it can't be known
    CellNumbers(Optional<AtomicInteger> next) {
        this.next = next;
    }

    /// Of a kernel.
    static CellNumbers of(BaseKernel kernel) {
        try {
            Field count = BaseKernel.class.getDeclaredField("executionCount");
            count.setAccessible(true);
            return new CellNumbers(Optional.of((AtomicInteger) count.get(kernel)));
        } catch (ReflectiveOperationException e) {
            LOG.info("this kernel counts its cells elsewhere: errors don't name them", e);
            return new CellNumbers(Optional.empty());
        }
    }

    /// A class is loaded for the cell that runs.
    ///
    /// @param className such as `REPL/$JShell$23`
    synchronized void loaded(String className) {
        Matcher snippet = CLASS.matcher(className);
        if (next.isEmpty() || !snippet.find()) return;
        cells.put(snippet.group(1), next.get().get() - 1);
    }

    /// Such as `cell [4]`.
    ///
    /// @param snippet JShell's number; empty for what the cell does that runs
    synchronized Optional<String> name(String snippet) {
        Optional<Integer> number =
                snippet.isEmpty()
                        ? next.map(count -> count.get() - 1)
                        : Optional.ofNullable(cells.get(snippet));
        return number.map("cell [%d]"::formatted);
    }
}
