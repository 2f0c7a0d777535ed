package dev.sluice.config;

import dev.sluice.event.IsoTime;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of {@code alerts.suppress}: a window of event time in which no alert is raised.
 *
 * @param fromMillis when it begins, epoch milliseconds; of one that returns, any time it begins
 * @param lengthMillis how long it lasts, above 0
 * @param periodMillis after how long it begins again; 0 for once
 * @param key whose alerts: a key, the beginning of keys with {@code *} behind it, or empty for all
 * @param why the reason that results give: what the file says, and when
 */
public record SuppressDecl(
    long fromMillis, long lengthMillis, long periodMillis, String key, String why) {

  private static final String CLOCK = "([01][0-9]|2[0-3]):([0-5][0-9])";
  private static final String DAYS = "(mon|tue|wed|thu|fri|sat|sun)";
  private static final Pattern DAILY = Pattern.compile(CLOCK + "-" + CLOCK);
  private static final Pattern WEEKLY =
      Pattern.compile(DAYS + " " + CLOCK + "-" + DAYS + " " + CLOCK);
  private static final List<String> NAMES =
      List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long WEEK = 7 * DAY;

  // 1970 began on a Thursday.
  private static final long MONDAY = -3 * DAY;

  private static final int MAX_TEXT = 256;

  /**
   * Checks the entry.
   *
   * @throws TopologyException naming every field at fault
   */
  public SuppressDecl {
    new Check(Check.SUPPRESS)
        .require(
            lengthMillis > 0 && (periodMillis == 0 || lengthMillis <= periodMillis),
            "from",
            "",
            "the window holds no time",
            "Write an end after its beginning")
        .require(
            key.length() <= MAX_TEXT, "key", key, "is too long", "Write at most 256 characters")
        .require(
            why.length() <= 2 * MAX_TEXT, "why", why, "is too long", "Write at most 256 characters")
        .done();
  }

  /**
   * A window of every day, UTC.
   *
   * @param clock such as {@code 22:00-06:00}; one that ends before it begins ends the next day
   */
  static SuppressDecl daily(String clock, String key, String why) {
    Matcher found = DAILY.matcher(clock);
    require(
        found.matches(),
        "daily",
        clock,
        "is no time of day",
        "Write when it begins and ends, UTC, such as 22:00-06:00");
    long from = minutes(found, 1);
    return returning(from, minutes(found, 3), DAY, key, reason(why, "daily " + clock));
  }

  /**
   * A window of every week, UTC.
   *
   * @param clock such as {@code sat 00:00-mon 06:00}; may go over Sunday night
   */
  static SuppressDecl weekly(String clock, String key, String why) {
    Matcher found = WEEKLY.matcher(clock.toLowerCase(Locale.ROOT));
    require(
        found.matches(),
        "weekly",
        clock,
        "is no time of the week",
        "Write when it begins and ends, UTC, such as sat 00:00-mon 06:00");
    long from = MONDAY + NAMES.indexOf(found.group(1)) * DAY + minutes(found, 2);
    long to = MONDAY + NAMES.indexOf(found.group(4)) * DAY + minutes(found, 5);
    return returning(from, to, WEEK, key, reason(why, "weekly " + clock));
  }

  /** A window from one time to another, ISO 8601; the end lies outside. */
  static SuppressDecl once(String from, String to, String key, String why) {
    long begin = time("from", from);
    long end = time("to", to);
    require(end > begin, "to", to, "is not after from", "Write a later time");
    return new SuppressDecl(begin, end - begin, 0, key, reason(why, from + " to " + to));
  }

  private static SuppressDecl returning(long from, long to, long period, String key, String why) {
    long length = Math.floorMod(to - from, period);
    return new SuppressDecl(from, length == 0 ? period : length, period, key, why);
  }

  private static long minutes(Matcher clock, int group) {
    return (60 * Long.parseLong(clock.group(group)) + Long.parseLong(clock.group(group + 1)))
        * MINUTE;
  }

  private static long time(String name, String text) {
    long millis = IsoTime.parse(text);
    require(
        millis != IsoTime.INVALID, name, text, "is no time", "Write it like 2026-11-23T14:00:00Z");
    return millis;
  }

  private static String reason(String why, String when) {
    return why.isEmpty() ? when : why + " (" + when + ")";
  }

  private static void require(
      boolean holds, String name, String found, String complaint, String remedy) {
    new Check(Check.SUPPRESS).require(holds, name, found, complaint, remedy).done();
  }
}
