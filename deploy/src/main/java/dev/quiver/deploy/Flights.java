package dev.quiver.deploy;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.lit;
import static dev.quiver.dataframe.Functions.mean;
import static dev.quiver.dataframe.Functions.when;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.pipeline.Load;
import dev.quiver.pipeline.Pipeline;
import java.nio.file.Path;

/// The questions that the demo asks of nycflights13.
record Flights(Session session, Path data) {
    private static final int LATE_MINUTES = 15;

    /// Each flight with its airline, destination, aircraft and weather, where they are known.
    DataFrame joined() {
        return joined(csv("flights.csv.gz"));
    }

    /// Flights that departed and arrived, loaded into files beside those that didn't.
    Pipeline load(Path out) {
        String flights = data.resolve("flights.csv.gz").toString();
        return Pipeline.named("demo")
                .ledger(out.resolve("ledger").toString())
                .extract(read -> read.nulls("NA").csv(flights))
                .gate(
                        Gate.rules()
                                .notNull("dep_time")
                                .named("departed")
                                .notNull("arr_delay")
                                .named("arrived")
                                .quarantine(out.resolve("quarantine").toString()))
                .transform(this::joined)
                .load(
                        Load.parquet(out.resolve("flights").toString())
                                .partitionBy("month")
                                .overwrite());
    }

    private DataFrame joined(DataFrame flights) {
        DataFrame airlines = csv("airlines.csv").rename("name", "airline");
        DataFrame airports = csv("airports.csv").select(col("faa"), col("name").as("destination"));
        DataFrame planes =
                csv("planes.csv")
                        .select(
                                col("tailnum"),
                                col("year").as("built"),
                                col("manufacturer"),
                                col("seats"));
        DataFrame weather =
                csv("weather.csv.gz")
                        .select("origin", "time_hour", "temp", "wind_speed", "precip", "visib");
        return flights.join(airlines, How.LEFT, On.keys("carrier"))
                .join(airports, How.LEFT, On.pair("dest", "faa"))
                .join(planes, How.LEFT, On.keys("tailnum"))
                .join(weather, How.LEFT, On.keys("origin", "time_hour"));
    }

    /// How many flights lack what.
    static DataFrame missing(DataFrame flights) {
        return flights.agg(
                count().as("flights"),
                lacking("dep_time").as("departure"),
                lacking("arr_delay").as("arrival"),
                lacking("seats").as("plane"),
                lacking("destination").as("airport"),
                lacking("visib").as("weather"));
    }

    /// Delays by airline, the latest first.
    static DataFrame byAirline(DataFrame flights) {
        return flights.groupBy("airline")
                .agg(
                        count().as("flights"),
                        lacking("dep_time").as("cancelled"),
                        late().as("late_share"),
                        mean("dep_delay").as("departure"),
                        mean("arr_delay").as("arrival"))
                .sort(desc("late_share"));
    }

    /// Delays by month.
    static DataFrame byMonth(DataFrame flights) {
        return flights.groupBy("month")
                .agg(
                        count().as("flights"),
                        lacking("dep_time").as("cancelled"),
                        late().as("late_share"),
                        mean("dep_delay").as("departure"),
                        mean("arr_delay").as("arrival"))
                .sort("month");
    }

    /// Delays by origin and destination, the busiest first.
    static DataFrame byRoute(DataFrame flights) {
        return flights.groupBy("origin", "dest", "destination")
                .agg(
                        count().as("flights"),
                        late().as("late_share"),
                        mean("arr_delay").as("arrival"))
                .sort(desc("flights"), col("origin").asc(), col("dest").asc());
    }

    /// Delays by the weather in the hour of departure, the latest first.
    static DataFrame byWeather(DataFrame flights) {
        Expr weather =
                when(col("visib").isNull())
                        .then("unknown")
                        .when(col("visib").lt(2))
                        .then("fog")
                        .when(col("precip").gt(0))
                        .then("rain or snow")
                        .when(col("wind_speed").gt(20))
                        .then("strong wind")
                        .when(col("temp").lt(32))
                        .then("frost")
                        .otherwise("fair");
        return flights.withColumn("weather", weather)
                .groupBy("weather")
                .agg(
                        count().as("flights"),
                        lacking("dep_time").as("cancelled"),
                        late().as("late_share"),
                        mean("dep_delay").as("departure"))
                .sort(desc("late_share"));
    }

    private static Expr lacking(String column) {
        return when(col(column).isNull()).then(1).otherwise(0).sum();
    }

    /// The share of the flights that left more than a quarter of an hour late.
    private static Expr late() {
        return when(col("dep_delay").gt(LATE_MINUTES)).then(lit(1.0)).otherwise(lit(0.0)).mean();
    }

    private DataFrame csv(String name) {
        return session.read().nulls("NA").csv(data.resolve(name).toString());
    }
}
