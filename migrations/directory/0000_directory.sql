CREATE TABLE `centers` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`location_hint` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `centers_number_unique` ON `centers` (`number`);
--> statement-breakpoint
CREATE TABLE `code_routes` (
	`family` text NOT NULL,
	`market` text NOT NULL,
	`code_key` text NOT NULL,
	`institution` text NOT NULL,
	`rank` integer NOT NULL,
	PRIMARY KEY(`family`, `market`, `code_key`, `institution`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `corridors` (
	`payer_market` text NOT NULL,
	`payee_market` text NOT NULL,
	`status` text NOT NULL,
	`single_max_minor` integer,
	`interchange_bp` integer NOT NULL,
	`service_fee_bp` integer NOT NULL,
	PRIMARY KEY(`payer_market`, `payee_market`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `directory_version` (
	`id` integer PRIMARY KEY NOT NULL CHECK (`id` = 1),
	`version` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `epochs` (
	`institution` text NOT NULL,
	`epoch` integer NOT NULL,
	`in_force_from` integer NOT NULL,
	`center` text NOT NULL,
	`lanes` integer NOT NULL,
	PRIMARY KEY(`institution`, `epoch`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `fx_rates` (
	`provider` text NOT NULL,
	`base` text NOT NULL,
	`counter` text NOT NULL,
	`value` text NOT NULL,
	`markup_bp` integer NOT NULL,
	PRIMARY KEY(`provider`, `base`, `counter`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `institution_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`institution` text NOT NULL,
	`algorithm` text NOT NULL,
	`public_key` text NOT NULL,
	`not_before` integer NOT NULL,
	`not_after` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `institutions` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`market` text NOT NULL,
	`currencies` text NOT NULL,
	`zone` text NOT NULL,
	`status` text NOT NULL,
	`endpoint` text
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `institutions_number_unique` ON `institutions` (`number`);
--> statement-breakpoint
CREATE TABLE `switches` (
	`subject` text NOT NULL,
	`name` text NOT NULL,
	`reason` text NOT NULL,
	`in_force_until` integer,
	PRIMARY KEY(`subject`, `name`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `directory_version` (`id`, `version`) VALUES (1, 0);
