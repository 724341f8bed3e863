// The calendar of dates (a part of CPython 3.13's Modules/_datetimemodule.c): the Gregorian one, in both directions without
// end, of which the years 1 to 9999 are used. Days are counted from 1, the first of January of the year 1, a Monday.

export const MINYEAR: i32 = 1;
export const MAXYEAR: i32 = 9999;
/** The last day of the year 9999. */
export const MAXORDINAL: i32 = 3652059;

const DAYS_OF_400_YEARS: i32 = 146097;
const DAYS_OF_100_YEARS: i32 = 36524;
const DAYS_OF_4_YEARS: i32 = 1461;

function isLeapYear(year: i32): bool {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

export function daysInMonth(year: i32, month: i32): i32 {
  if (month == 2) return isLeapYear(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** Days of the year before the month. */
export function daysBeforeMonth(year: i32, month: i32): i32 {
  if (month <= 2) return (month - 1) * 31;
  return (month * 153 - 457) / 5 + (isLeapYear(year) ? 60 : 59);
}

function daysBeforeYear(year: i32): i32 {
  const y = year - 1;
  return y * 365 + y / 4 - y / 100 + y / 400;
}

/** The number of a day. */
export function ordinalOf(year: i32, month: i32, day: i32): i32 {
  return daysBeforeYear(year) + daysBeforeMonth(year, month) + day;
}

/** A date in one number: 512 * year + 32 * month + day. */
export class YMD {
  @inline static of(year: i32, month: i32, day: i32): i64 {
    return ((<i64>year) << 9) | (month << 5) | day;
  }

  @inline static year(ymd: i64): i32 {
    return <i32>(ymd >> 9);
  }

  @inline static month(ymd: i64): i32 {
    return <i32>(ymd >> 5) & 15;
  }

  @inline static day(ymd: i64): i32 {
    return <i32>ymd & 31;
  }
}

/** The date of the day with this number, 1 or more, as a YMD. */
export function dateOfOrdinal(ordinal: i32): i64 {
  let n = ordinal - 1;
  const n400 = n / DAYS_OF_400_YEARS;
  n %= DAYS_OF_400_YEARS;
  const n100 = n / DAYS_OF_100_YEARS;
  n %= DAYS_OF_100_YEARS;
  const n4 = n / DAYS_OF_4_YEARS;
  n %= DAYS_OF_4_YEARS;
  const n1 = n / 365;
  n %= 365;
  const year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1;
  // The last day of a cycle is the 366th of its last year.
  if (n1 == 4 || n100 == 4) return YMD.of(year - 1, 12, 31);
  let month = 12;
  while (daysBeforeMonth(year, month) > n) month--;
  return YMD.of(year, month, n - daysBeforeMonth(year, month) + 1);
}

/** The day of the week, Monday as 0. */
export function weekdayOf(year: i32, month: i32, day: i32): i32 {
  return (ordinalOf(year, month, day) + 6) % 7;
}

/** The number of the Monday of week 1, which is the first with a Thursday. */
export function isoWeek1Monday(year: i32): i32 {
  const first = ordinalOf(year, 1, 1);
  const weekday = (first + 6) % 7;
  return first - weekday + (weekday > 3 ? 7 : 0);
}

export const BAD_WEEK: i64 = -2;
export const BAD_DAY: i64 = -3;
export const BAD_YEAR: i64 = -4;

/** The date of a day of a week of an ISO year as a YMD, or which of the three is out of range. */
export function dateOfIsoWeek(year: i32, week: i32, day: i32): i64 {
  if (year < MINYEAR || year > MAXYEAR) return BAD_YEAR;
  if (week < 1 || week > 52) {
    // Years that begin on a Thursday, or are leap and begin on a Wednesday, have one more.
    const first = weekdayOf(year, 1, 1);
    if (week != 53 || !(first == 3 || (first == 2 && isLeapYear(year)))) return BAD_WEEK;
  }
  if (day < 1 || day > 7) return BAD_DAY;
  return dateOfOrdinal(isoWeek1Monday(year) + (week - 1) * 7 + day - 1);
}
