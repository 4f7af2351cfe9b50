package dev.quiver.dataframe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordShapeTest {
    enum Side {
        BUY,
        SELL
    }

    record Trade(
            int qty,
            double price,
            @Nullable String sym,
            @Column("trade_side") Side side,
            LocalDate tradeDay,
            @Column(precision = 9, scale = 3) BigDecimal fee) {}

    record Positive(int qty) {
        Positive {
            if (qty <= 0) throw new IllegalArgumentException("qty must be positive");
        }
    }

    private static final Schema COLUMNS =
            Schema.of(
                    Field.of("fee", DataType.decimal(12, 2)),
                    Field.of("trade_day", DataType.DATE),
                    Field.of("qty", DataType.INT32),
                    Field.of("trade_side", DataType.CATEGORICAL),
                    Field.of("price", DataType.FLOAT32),
                    Field.of("sym", DataType.UTF8));

    private static RecordShape.RowValues row(@Nullable Object... values) {
        return new RecordShape.RowValues() {
            @Override
            public @Nullable Object value(int column) {
                return values[column];
            }

            @Override
            public long row() {
                return 7;
            }
        };
    }

    @Test
    void components_find_their_columns_by_name_snake_case_or_annotation() {
        var reading = RecordShape.of(Trade.class).reading(COLUMNS, "Scan[t.csv]");

        Trade trade =
                reading.read(
                        row(
                                new BigDecimal("1.25"),
                                LocalDate.of(2013, 1, 2),
                                5L,
                                "SELL",
                                2.5,
                                null));

        assertThat(reading.columns()).containsExactly(2, 4, 5, 3, 1, 0);
        assertThat(trade)
                .isEqualTo(
                        new Trade(
                                5,
                                2.5,
                                null,
                                Side.SELL,
                                LocalDate.of(2013, 1, 2),
                                new BigDecimal("1.25")));
    }

    @Test
    void a_null_for_a_primitive_names_row_and_column() {
        var reading = RecordShape.of(Trade.class).reading(COLUMNS, "Scan[t.csv]");

        var thrown =
                assertThrows(
                        QuiverException.class,
                        () -> reading.read(row(null, null, null, "BUY", 2.5, "x")));

        assertThat(thrown)
                .hasMessage(
                        """
                        column 'qty' is null in row 7, and Trade.qty is a primitive int   (BAD_VALUE)
                          fix: declare it as Integer, or use dropNull("qty") or fillNull(…, "qty") \
                        before\
                        """);
    }

    @Test
    void what_the_constructor_throws_is_the_cause() {
        var reading =
                RecordShape.of(Positive.class)
                        .reading(Schema.of(Field.of("qty", DataType.INT32)), "Scan[t.csv]");

        var thrown = assertThrows(QuiverException.class, () -> reading.read(row(-1L)));

        assertThat(thrown).hasMessageContaining("Positive refused the values of row 7");
        assertThat(thrown).hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_unknown_constant_is_told() {
        var reading = RecordShape.of(Trade.class).reading(COLUMNS, "Scan[t.csv]");

        var thrown =
                assertThrows(
                        QuiverException.class,
                        () -> reading.read(row(BigDecimal.ONE, null, 1L, "HOLD", 2.5, "x")));

        assertThat(thrown)
                .hasMessageContaining("'HOLD' is no constant of Side")
                .hasMessageContaining("has: [BUY, SELL]");
    }

    @Test
    void records_make_columns() {
        RecordShape<Trade> shape = RecordShape.of(Trade.class);
        var trade = new Trade(3, 1.5, null, Side.BUY, LocalDate.EPOCH, new BigDecimal("0.12345"));

        assertThat(shape.schema().toString())
                .isEqualTo(
                        """
                        qty: int32 not null
                        price: float64 not null
                        sym: utf8
                        trade_side: utf8
                        tradeDay: date
                        fee: decimal(9,3)\
                        """);
        assertThat(shape.value(trade, 0)).isEqualTo(3L);
        assertThat(shape.value(trade, 2)).isNull();
        assertThat(shape.value(trade, 3)).isEqualTo("BUY");
        assertThat(shape.value(trade, 5)).isEqualTo(new BigDecimal("0.123"));
    }
}
