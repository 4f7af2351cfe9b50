package dev.quiver.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Bytes;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.InputRun;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
    private final Wire<WorkerMessage> reports = Wire.of(WorkerMessage.class, Foreign.NONE);
    private final Wire<SchedulerMessage> orders = Wire.of(SchedulerMessage.class, Foreign.NONE);
    private final Wire<ClientMessage> wishes = Wire.of(ClientMessage.class, Foreign.NONE);
    private final Wire<Expression> expressions = Wire.of(Expression.class, Foreign.NONE);

    private static Expression literal(Object value, DataType type) {
        return new Expression.Literal(value, type);
    }

    private static Expression add(Expression left, Expression right) {
        return new Expression.Call(Function.ADD, List.of(left, right));
    }

    @Test
    void messages_come_back_as_they_were() {
        List<WorkerMessage> messages =
                List.of(
                        new WorkerMessage.Started(0, 1, 2, 3),
                        new WorkerMessage.Finished(7, 1 << 27, 2, -1, Long.MAX_VALUE, 0),
                        new WorkerMessage.Failed(
                                1, 2, 3, new Failure(Failure.Kind.OUT_OF_MEMORY, "größer 💥")),
                        new WorkerMessage.StealAnswered());
        for (WorkerMessage message : messages)
            assertThat(reports.decode(reports.encode(message))).isEqualTo(message);
        var assigned =
                new SchedulerMessage.TasksAssigned(
                        5, 0, 100, 1, List.of(new InputRun(0, 1, 2, 3, 4, 5)), List.of(1, 0, 7));
        assertThat(orders.decode(orders.encode(assigned))).isEqualTo(assigned);
        var appended =
                new ClientMessage.TasksAppended(
                        3,
                        4,
                        Edges.builder()
                                .input(1, 2)
                                .input(3, 4)
                                .endRow()
                                .endRow()
                                .input(5, 6)
                                .endRow()
                                .build());
        assertThat(wishes.decode(wishes.encode(appended))).isEqualTo(appended);
    }

    @Test
    void programs_that_nobody_looks_into_come_back_as_they_were() {
        var program = new EncodedProgram(Bytes.of(new byte[] {0, -1, 127}));
        var stage = Stage.builder(1, "sum", program).partitions(4).build();
        var submitted = new ClientMessage.GraphSubmitted(7, TaskGraph.of(stage), true);

        ClientMessage decoded = wishes.decode(wishes.encode(submitted));

        assertThat(decoded).isEqualTo(submitted);
    }

    @Test
    void values_of_every_class_come_back_as_they_were() {
        List<Object> values =
                List.of(
                        true,
                        -5L,
                        Long.MIN_VALUE,
                        Double.NaN,
                        -0.0,
                        "",
                        new BigInteger("18446744073709551615"),
                        new BigDecimal("-12345678901234567890.123"),
                        LocalDate.of(-44, 3, 15),
                        LocalTime.of(23, 59, 59, 999_999_999),
                        LocalDateTime.of(1969, 12, 31, 23, 59, 59, 5),
                        Instant.parse("1969-12-31T23:59:59.999990Z"),
                        Duration.ofNanos(-1),
                        Arrays.asList("a", null, List.of(1L)));
        for (Object value : values) {
            Expression literal = literal(value, DataType.INT64);

            assertThat(expressions.decode(expressions.encode(literal))).isEqualTo(literal);
        }
        var nothing = new Expression.Literal(null, DataType.UTF8);
        assertThat(expressions.decode(expressions.encode(nothing))).isEqualTo(nothing);
    }

    @Test
    void a_report_takes_a_few_bytes() {
        byte[] bytes = reports.encode(new WorkerMessage.Finished(3, 40, 1, 1000, 8000, 120_000));

        assertThat(bytes).hasSizeLessThan(16);
    }

    @Test
    void messages_of_other_shapes_have_another_fingerprint() {
        assertThat(Wire.of(WorkerMessage.class, Foreign.NONE).fingerprint())
                .isEqualTo(reports.fingerprint());
        assertThat(orders.fingerprint()).isNotEqualTo(reports.fingerprint());
        assertThat(Wire.of(ClientNotice.class, Foreign.NONE).fingerprint())
                .isNotEqualTo(wishes.fingerprint());
    }

    @Test
    void what_is_nested_too_deep_is_refused_and_breaks_nothing() {
        Expression column = new Expression.Column("x");
        Expression deep = column;
        for (int i = 0; i < 100_000; i++) deep = add(deep, literal(1L, DataType.INT64));
        Expression all = deep;
        byte[] inner = expressions.encode(column);
        byte[] outer = expressions.encode(add(column, literal(1L, DataType.INT64)));
        int before = 3; // which expression, which function, how many arguments
        int behind = outer.length - before - inner.length;
        var bytes = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) bytes.write(outer, 0, before);
        bytes.writeBytes(inner);
        for (int i = 0; i < 100_000; i++) bytes.write(outer, before + inner.length, behind);

        assertThatThrownBy(() -> expressions.encode(all))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nested more than");
        assertThatThrownBy(() -> expressions.decode(bytes.toByteArray()))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("nested more than");
    }

    @Test
    void a_foreign_value_is_written_by_whoever_knows_its_class() {
        var foreign =
                new Foreign() {
                    @Override
                    public byte[] write(Object value) {
                        return value.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    }

                    @Override
                    public Object read(byte[] bytes) {
                        return new StringBuilder(
                                new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
                    }
                };
        Wire<Expression> wire = Wire.of(Expression.class, foreign);
        byte[] bytes = wire.encode(literal(new StringBuilder("mine"), DataType.UTF8));

        var back = (Expression.Literal) wire.decode(bytes);

        assertThat(String.valueOf(back.value())).isEqualTo("mine");
        assertThatThrownBy(() -> expressions.decode(bytes)).isInstanceOf(MalformedMessage.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void bytes_of_others_are_refused_and_nothing_else_happens(int changes) {
        long seed = Long.getLong("seed", new Random().nextInt(1_000_000));
        System.out.println("WireTest -Dseed=" + seed);
        var random = new Random(seed);
        byte[] whole =
                orders.encode(
                        new SchedulerMessage.TasksAssigned(
                                5,
                                0,
                                100,
                                1,
                                List.of(
                                        new InputRun(0, 1, 2, 3, 4, 5),
                                        new InputRun(1, 9, 8, 9, 6, 5)),
                                List.of(1, 0, 7)));
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 3));
            for (int c = 0; c < changes && bytes.length > 0; c++)
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();

            assertThatCode(() -> decoded(bytes))
                    .as("seed %d, try %d", seed, i)
                    .doesNotThrowAnyException();
        }
    }

    /// A message, or a refusal.
    private void decoded(byte[] bytes) {
        try {
            assertThat(orders.encode(orders.decode(bytes))).isNotEmpty();
        } catch (MalformedMessage e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }
}
