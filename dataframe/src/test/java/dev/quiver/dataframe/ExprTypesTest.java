package dev.quiver.dataframe;

import static dev.quiver.dataframe.Functions.coalesce;
import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.concat;
import static dev.quiver.dataframe.Functions.expr;
import static dev.quiver.dataframe.Functions.lit;
import static dev.quiver.dataframe.Functions.nullOf;
import static dev.quiver.dataframe.Functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.schema.DataType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Every function of the interface binds, and has the type and the name that users expect.
class ExprTypesTest {
    private final DataFrame sales = Fixtures.sales();

    private String made(Expr value) {
        return sales.select(value).schema().field(0).toString();
    }

    @Test
    void functions_of_texts_have_types_and_names() {
        TextExpr region = col("region").str();
        var made = new LinkedHashMap<Expr, String>();
        made.put(region.lower(), "region: utf8");
        made.put(region.upper(), "region: utf8");
        made.put(region.trim(), "region: utf8");
        made.put(region.length(), "region_length: int64");
        made.put(region.substring(2, 3), "region: utf8");
        made.put(region.substring(2), "region: utf8");
        made.put(region.replace("a", "b"), "region: utf8");
        made.put(region.contains("x").as("b"), "b: bool");
        made.put(region.startsWith(col("product")).as("b"), "b: bool");
        made.put(region.endsWith("x").as("b"), "b: bool");
        made.put(region.matches("^a.*z$").as("b"), "b: bool");
        made.put(concat(col("region"), "-", col("product")).as("c"), "c: utf8 not null");
        made.put(col("region").cat().encode(), "region: categorical");
        made.put(col("product").cat().decode(), "product: utf8");
        check(made);
    }

    @Test
    void functions_of_times_have_types_and_names() {
        TimeExpr day = col("day").dt();
        var made = new LinkedHashMap<Expr, String>();
        made.put(day.year(), "day_year: int64");
        made.put(day.quarter(), "day_quarter: int64");
        made.put(day.month(), "day_month: int64");
        made.put(day.week(), "day_week: int64");
        made.put(day.day(), "day_day: int64");
        made.put(day.dayOfWeek(), "day_day_of_week: int64");
        made.put(day.dayOfYear(), "day_day_of_year: int64");
        made.put(day.truncate("Month"), "day: date");
        made.put(col("day").cast(DataType.TIMESTAMP).dt().hour(), "day_hour: int64");
        made.put(col("day").cast(DataType.TIMESTAMP).dt().minute(), "day_minute: int64");
        made.put(col("day").cast(DataType.TIMESTAMP).dt().second(), "day_second: int64");
        check(made);
    }

    @Test
    void functions_of_numbers_have_types_and_names() {
        Expr amount = col("amount");
        Expr price = col("price");
        var made = new LinkedHashMap<Expr, String>();
        made.put(amount.plus(1).as("x"), "x: int64");
        made.put(amount.minus(price).as("x"), "x: float64");
        made.put(amount.multiply(amount).as("x"), "x: int64");
        made.put(amount.divide(2).as("x"), "x: float64");
        made.put(amount.mod(2).as("x"), "x: int64");
        made.put(amount.negate(), "amount: int64");
        made.put(amount.abs(), "amount: int64");
        made.put(price.round(1), "price: float64");
        made.put(price.floor(), "price: float64");
        made.put(price.ceil(), "price: float64");
        made.put(price.sqrt().as("x"), "x: float64");
        made.put(price.isNaN(), "price_is_nan: bool");
        made.put(amount.isNull(), "amount_is_null: bool not null");
        made.put(amount.between(1, 3).as("x"), "x: bool");
        made.put(amount.fillNull(0), "amount: int64 not null");
        made.put(coalesce(amount, price, 0).as("x"), "x: float64 not null");
        made.put(nullOf(DataType.INT64).as("x"), "x: int64");
        made.put(expr("amount * 2 > ?", 7).not().as("x"), "x: bool");
        made.put(
                when(price.gt(1)).then(amount).when(price.gt(0)).then(1).otherwise(0).as("x"),
                "x: int64");
        made.put(amount.map(Long.class, String.class, n -> "#" + n).as("x"), "x: utf8");
        made.put(lit(1).as("one"), "one: int64 not null");
        check(made);
    }

    private void check(Map<Expr, String> made) {
        made.forEach((value, field) -> assertThat(made(value)).isEqualTo(field));
    }
}
