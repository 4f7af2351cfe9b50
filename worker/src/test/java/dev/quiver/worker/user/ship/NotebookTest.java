package dev.quiver.worker.user.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Closures of JShell cells run with classes and variables that travelled.
@Timeout(120)
final class NotebookTest {
    /// Each test writes its cells anew, over those of others.
    private static final Cells cells = new Cells();

    @BeforeEach
    void open() {
        Desk.reset();
    }

    @AfterAll
    static void close() {
        cells.close();
    }

    @Test
    void a_variable_has_the_value_that_it_had_when_the_closure_was_sent() {
        cells.run("int k = 7;");
        assertThat(cells.run("Desk.run(() -> k * 6)")).isEqualTo("42");
        cells.run("k = 8;");
        assertThat(cells.run("Desk.run(() -> k * 6)")).isEqualTo("48");
        cells.run("Call<Integer> later = () -> k; var sent = Desk.send(later); k = 9;");
        assertThat(
                        cells.run(
                                "Desk.outbox().open(Desk.result(sent, List.of()),"
                                        + " later.getClass().getClassLoader())"))
                .isEqualTo("8");
    }

    @Test
    void variables_of_every_kind_travel() {
        cells.run(
                """
                long l = 1L << 40; double d = 1.5; float f = 2.5f; boolean b = true; char c = 'x';
                short s = 3; byte y = 4; String t = "text"; int[] a = {1, 2}; Object nothing = null;
                List<String> names = new ArrayList<>(List.of("p", "q"));
                """);
        assertThat(
                        cells.run(
                                """
                                Desk.run(() -> l + " " + d + f + b + c + s + y + t + a.length
                                    + nothing + names)
                                """))
                .isEqualTo("\"1099511627776 1.52.5truex34text2null[p, q]\"");
    }

    @Test
    void a_record_of_one_cell_is_the_same_class_in_the_next() {
        cells.run("record Trade(String sym, int lots) {}");
        cells.run("var trade = Desk.run(() -> new Trade(\"A\", 3));");
        assertThat(cells.run("trade.equals(new Trade(\"A\", 3))")).isEqualTo("true");
        assertThat(cells.run("Desk.run(() -> trade.equals(new Trade(\"A\", 3)))"))
                .isEqualTo("true");
        assertThat(
                        cells.run(
                                "Desk.then(() -> List.of(new Trade(\"B\", 1)), l -> l.get(0).lots()"
                                        + " + trade.lots())"))
                .isEqualTo("4");
    }

    @Test
    void a_method_of_a_cell_travels_with_what_it_reads_and_its_new_version_too() {
        cells.run("int k = 5; int twice(int x) { return 2 * x * k; }");
        cells.run(
                "Call<Integer> call = () -> { int s = 0; for (int i = 0; i < 3; i++) s +="
                        + " twice(i); return s; };");
        assertThat(cells.run("Desk.run(call)")).isEqualTo("30");
        cells.run("int twice(int x) { return 3 * x * k; }");
        assertThat(cells.run("Desk.run(call)")).isEqualTo(cells.run("call.call()"));
        assertThat(cells.run("Desk.run(() -> twice(4))")).isEqualTo("60");
    }

    @Test
    void a_type_that_is_written_again_is_another_type() {
        cells.run("record P(int x) {}");
        assertThat(cells.run("Desk.run(() -> new P(1)).toString()")).isEqualTo("\"P[x=1]\"");
        cells.run("record P(int x, int y) {}");
        assertThat(cells.run("Desk.run(() -> new P(1, 2)).toString()"))
                .isEqualTo("\"P[x=1, y=2]\"");
    }

    @Test
    void anonymous_classes_inner_classes_and_enums_travel() {
        cells.run("int k = 2;");
        cells.run(
                "enum Side { BUY, SELL { int sign() { return -k; } }; int sign() { return k; } }");
        cells.run(
                "class Counter implements Call<Integer> { int n; Counter(int n) { this.n = n; }"
                        + " class Step { int by() { return n + k; } }"
                        + " public Integer call() { return new Step().by(); } }");
        cells.run(
                "class Quick extends Counter implements java.io.Serializable { Quick() { super(10);"
                        + " } }");
        assertThat(cells.run("Desk.run(() -> Side.SELL.sign() + Side.BUY.sign() * 10)"))
                .isEqualTo("18");
        assertThat(cells.run("Desk.run(new Counter(40))")).isEqualTo("42");
        assertThat(cells.run("Desk.run(new Quick())")).isEqualTo("12");
        assertThat(
                        cells.run(
                                "Desk.run(new Call<Integer>() { public Integer call() { return k +"
                                        + " 1; } })"))
                .isEqualTo("3");
    }

    @Test
    void a_lambda_within_a_lambda_and_method_references_travel() {
        cells.run("int k = 3; int plus(int x) { return x + k; } String name = \"abc\";");
        cells.run("record Row(int x) { int more() { return x + k; } }");
        assertThat(
                        cells.run(
                                "Desk.run(() -> { Call<Integer> in = () -> plus(1); return"
                                        + " in.call(); })"))
                .isEqualTo("4");
        assertThat(cells.run("Call<Integer> inner = () -> k * 2; Desk.run(() -> inner.call() + 1)"))
                .isEqualTo("7");
        assertThat(cells.run("Desk.run(name::length)")).isEqualTo("3");
        assertThat(cells.run("Desk.run(new Row(4)::more)")).isEqualTo("7");
        assertThat(cells.run("Desk.then(() -> 5, Row::new)")).isEqualTo("Row[x=5]");
        assertThat(cells.run("Desk.run(() -> List.of(1, 2).stream().mapToInt(x -> plus(x)).sum())"))
                .isEqualTo("9");
    }

    @Test
    void what_a_task_assigns_stays_in_the_task() {
        cells.run("int k = 3; int bump() { k++; return k; }");
        assertThat(cells.run("Desk.run(() -> { bump(); k += 10; return bump(); })"))
                .isEqualTo("15");
        assertThat(cells.run("k")).isEqualTo("3");
        assertThat(cells.run("Desk.run(() -> k)")).isEqualTo("3");
    }

    @Test
    void variables_are_read_on_threads_that_a_task_starts() {
        cells.run("int k = 3; int plus(int x) { return x + k; }");
        cells.run(
                "class Held { int n = 4; Call<Integer> sum() { return () -> List.of(1,"
                        + " 2).parallelStream().mapToInt(x -> x + k + n).sum(); } }");
        String parallel =
                "Desk.run(() -> java.util.stream.LongStream.range(0, 1000).parallel().map(x -> x *"
                        + " 0 + plus(1)).sum())";
        assertThat(cells.run(parallel)).isEqualTo("4000");
        cells.run("k = 4;");
        assertThat(cells.run(parallel)).isEqualTo("5000");
        assertThat(
                        cells.run(
                                "Desk.run(() ->"
                                    + " java.util.concurrent.CompletableFuture.supplyAsync(() -> k"
                                    + " + 0.5).get())"))
                .isEqualTo("4.5");
        assertThat(cells.run("Desk.run(() -> new Held().sum().call())")).isEqualTo("19");
    }

    @Test
    void a_variable_on_a_thread_of_nobody_is_an_error_that_names_it() {
        cells.run("int k = 3;");
        assertThatThrownBy(() ->
                        cells.run(
                                """
                                Desk.run(() -> {
                                    var read = new java.util.concurrent.Callable<Integer>() {
                                        public Integer call() { return k; }
                                    };
                                    var pool = java.util.concurrent.ForkJoinPool.commonPool();
                                    try { return pool.submit(read).get(); }
                                    catch (java.util.concurrent.ExecutionException e) {
                                        Throwable root = e;
                                        while (root.getCause() != null) root = root.getCause();
                                        throw (Exception) root;
                                    }
                                })
                                """))
                .hasMessageContaining("variable 'k' of the notebook is used on a thread")
                .hasMessageContaining("copy it into a local variable");
    }

    @Test
    void a_closure_that_a_task_submits_travels_with_the_tasks_variables() {
        cells.run("int k = 3; record Lot(int n) {}");
        cells.run(
                "Call<Lot> outer = () -> { k += 4; Call<Lot> inner = () -> new Lot(k); return"
                        + " Desk.within(inner); };");
        assertThat(cells.run("Desk.run(outer)")).isEqualTo("Lot[n=7]");
        assertThat(cells.run("k")).isEqualTo("3");
    }

    @Test
    void a_strict_session_in_this_jvm_names_a_variable_that_could_not_travel() {
        cells.run("var thread = new Thread(() -> {}); int k = 4;");
        assertThatThrownBy(() -> cells.run("Desk.strict(() -> thread.getName())"))
                .hasMessageContaining("the closure reads variable 'thread' of the notebook");
        assertThat(cells.run("Desk.strict(() -> k)")).isEqualTo("4");
    }

    @Test
    void two_variables_that_share_an_object_share_its_copy() {
        cells.run(
                "List<Integer> one = new ArrayList<>(); Map<String, List<Integer>> all = new"
                        + " HashMap<>(Map.of(\"one\", one));");
        assertThat(cells.run("Desk.run(() -> { one.add(7); return all.get(\"one\").size(); })"))
                .isEqualTo("1");
    }

    @Test
    void a_variable_that_can_not_travel_is_named() {
        cells.run("var thread = new Thread(() -> {}); int k = 1;");
        assertThatThrownBy(() -> cells.run("Desk.run(() -> thread.getName() + k)"))
                .hasMessageContaining("the closure reads variable 'thread' of the notebook")
                .hasMessageContaining("java.lang.Thread is not Serializable")
                .hasMessageContaining("NOT_SERIALIZABLE");
        assertThat(cells.run("Desk.run(() -> k)")).isEqualTo("1");
        cells.run("String name() { return thread.getName(); }");
        assertThatThrownBy(() -> cells.run("Desk.run(() -> name())"))
                .hasMessageContaining("variable 'thread' of the notebook");
        cells.run(
                "void captured() throws Exception { var local = new Thread(() -> {}); Desk.run(()"
                        + " -> local.getName()); }");
        assertThatThrownBy(() -> cells.run("captured()"))
                .hasMessageContaining("a closure captures value 1")
                .hasMessageContaining("class: java.lang.Thread");
    }
}
