-- Days count from 1 January 2024 and seconds from its midnight in Shanghai; day 9999 is never. A
-- slice is the days from `first_day` to before `end_day`. What is drawn for a key is always the same.
create macro draw(key, what) as
    (hash(key, what, getvariable('seed')) >> 11) / 9007199254740992.0;
create macro whole(key, what, lowest, highest) as
    lowest + cast(floor(draw(key, what) * (highest - lowest + 1)) as bigint);
create macro one_of(words, key, what) as words[whole(key, what, 1, len(words))];
-- Mostly little, rarely much: seconds around a mean.
create macro lasting(mean, key, what) as cast(-ln(1 - draw(key, what)) * mean as bigint);
create macro bounded(value, lowest, highest) as least(greatest(value, lowest), highest);

create macro date_of(day) as date '2024-01-01' + cast(day as integer);
create macro instant(second) as to_timestamp(1704038400 + second);
create macro day_of(second) as second // 86400;
create macro in_slice(day) as day >= getvariable('first_day') and day < getvariable('end_day');
-- A date as the exports of some day know it: null until it has come.
create macro known(day, landed_on) as if(day <= landed_on, date_of(day), null);
-- That day, or the next one on which the office works; and a second of its office hours.
create macro working_day(day) as getvariable('working_days')[day + 1];
create macro office_second(day, key, what) as
    working_day(day) * 86400 + whole(key, what, 34200, 63000);
