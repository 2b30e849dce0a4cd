CREATE TABLE `payments_by_requester` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`requester` text NOT NULL,
	`responder` text NOT NULL,
	`opened_at` integer NOT NULL,
	`request_id` text NOT NULL,
	`status` text NOT NULL,
	`result` text NOT NULL,
	`payer_market` text NOT NULL,
	`payee_market` text NOT NULL,
	`scenario` text NOT NULL,
	`family` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`requester`, `opened_at`, `id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `payments_by_requester` (`id`, `version`, `requester`, `responder`, `opened_at`, `request_id`, `status`, `result`, `payer_market`, `payee_market`, `scenario`, `family`, `body`)
SELECT `id`, `version`, `requester`, `responder`, `opened_at`, `request_id`, `status`, `result`, `payer_market`, `payee_market`, `scenario`, `family`, `body` FROM `payments`;
--> statement-breakpoint
CREATE TABLE `feed_with_requester` (
	`institution` text NOT NULL,
	`position` integer NOT NULL,
	`lane` text NOT NULL,
	`requester` text NOT NULL,
	`events` text NOT NULL,
	PRIMARY KEY(`institution`, `position`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `feed_with_requester` (`institution`, `position`, `lane`, `requester`, `events`)
SELECT `feed`.`institution`, `feed`.`position`, `feed`.`lane`, min(`payments`.`requester`),
       json_group_array(json_array(`event`.`value` ->> 0, `event`.`value` ->> 1, `event`.`value` ->> 2, `event`.`value` ->> 3, `payments`.`opened_at`) ORDER BY `event`.`key`)
FROM `feed` CROSS JOIN json_each(`feed`.`events`) AS `event` CROSS JOIN `payments` ON `payments`.`id` = `event`.`value` ->> 3
GROUP BY `feed`.`institution`, `feed`.`position`;
--> statement-breakpoint
DROP TABLE `feed`;
--> statement-breakpoint
ALTER TABLE `feed_with_requester` RENAME TO `feed`;
--> statement-breakpoint
DROP TABLE `payments`;
--> statement-breakpoint
ALTER TABLE `payments_by_requester` RENAME TO `payments`;
--> statement-breakpoint
CREATE INDEX `payments_of_responder` ON `payments` (`responder`,`opened_at`,`id`);
