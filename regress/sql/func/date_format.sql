-- over: http
-- formatDateTime and the zone of a text.
SELECT formatDateTime(t, '%Y-%m-%d %H:%i:%S'), formatDateTime(t, '%F %T'), formatDateTime(t, '%d/%m/%y'), formatDateTime(t, '%j %u %w %V %G'), formatDateTime(t, '%a %b %e'), formatDateTime(t, '%I:%M %p'), formatDateTime(t, '%%'), formatDateTime(t, '%Q') FROM (SELECT toDateTime('2024-02-05 03:04:05', 'UTC') AS t);
SELECT formatDateTime(toDateTime64('2024-02-05 03:04:05.678', 3, 'UTC'), '%f'), formatDateTime(toDate('2024-02-05'), '%Y%m%d'), formatDateTime(toDateTime('2024-02-05 23:00:00', 'UTC'), '%F %T', 'Asia/Tokyo'), DATE_FORMAT(toDate('2024-02-05'), '%Y'), formatDateTime(toDateTime('2024-02-05 23:00:00', 'UTC'), '%z');
SELECT toString(toDateTime('2024-07-01 00:00:00', 'UTC'), 'America/New_York'), toString(toDate('2024-02-05')), dateName('weekday', toDate('2024-02-05')), dateName('year', toDate('2024-02-05'));
